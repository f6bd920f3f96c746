/**
 * How far a participant's servers were brought: which steps' starts lie on each, known by its seed, and what is being
 * built. The machines themselves are the engine's to tell of.
 */
import type { DatabaseSync } from 'node:sqlite'

export const PLACES_TABLES = `
   CREATE TABLE reached (
     participant INTEGER NOT NULL REFERENCES participant(id) ON DELETE CASCADE,
     seed TEXT NOT NULL,
     step TEXT NOT NULL,
     replayed INTEGER NOT NULL,
     PRIMARY KEY (participant, seed, step)
   ) STRICT;
   CREATE TABLE catch_up (
     participant INTEGER PRIMARY KEY REFERENCES participant(id) ON DELETE CASCADE,
     step TEXT NOT NULL,
     seed_before TEXT NOT NULL
   ) STRICT;
   CREATE TABLE replay (step TEXT PRIMARY KEY, ms INTEGER NOT NULL) STRICT;`

/** A step that a server has come to; `replayed`: its solution was played on it, not found by its owner. */
export interface Reached {
  step: string
  replayed: boolean
}

export class Places {
  readonly #db: DatabaseSync
  readonly #participant: number

  constructor(db: DatabaseSync, participant: number) {
    this.#db = db
    this.#participant = participant
  }

  /** Besides the one with which the lab of this seed began, in the order in which it came to them. */
  reached(seed: string): Reached[] {
    const rows = this.#db
      .prepare('SELECT step, replayed FROM reached WHERE participant = ? AND seed = ? ORDER BY rowid')
      .all(this.#participant, seed) as { step: string; replayed: number }[]
    return rows.map(({ step, replayed }) => ({ step, replayed: replayed === 1 }))
  }

  reach(seed: string, step: string, replayed: boolean): void {
    this.#db
      .prepare('INSERT OR REPLACE INTO reached (participant, seed, step, replayed) VALUES (?, ?, ?, ?)')
      .run(this.#participant, seed, step, Number(replayed))
  }

  forget(seed: string): void {
    this.#db.prepare('DELETE FROM reached WHERE participant = ? AND seed = ?').run(this.#participant, seed)
  }

  /** A server is being built for a step; `seedBefore` is the seed of the one that was there, or empty. */
  begin(step: string, seedBefore: string): void {
    this.#db
      .prepare('INSERT OR REPLACE INTO catch_up (participant, step, seed_before) VALUES (?, ?, ?)')
      .run(this.#participant, step, seedBefore)
  }

  /** What was begun and has not ended. */
  begun(): { step: string; seedBefore: string } | null {
    const row = this.#db
      .prepare('SELECT step, seed_before FROM catch_up WHERE participant = ?')
      .get(this.#participant) as { step: string; seed_before: string } | undefined
    return row ? { step: row.step, seedBefore: row.seed_before } : null
  }

  end(): void {
    this.#db.prepare('DELETE FROM catch_up WHERE participant = ?').run(this.#participant)
  }

  /** How long a step's solution took on this machine the last time, in milliseconds. */
  took(step: string): number | null {
    const row = this.#db.prepare('SELECT ms FROM replay WHERE step = ?').get(step) as
      | { ms: number }
      | undefined
    return row?.ms ?? null
  }

  remember(step: string, ms: number): void {
    this.#db.prepare('INSERT OR REPLACE INTO replay (step, ms) VALUES (?, ?)').run(step, Math.round(ms))
  }
}

/**
 * What is known of people and progress. Machines are not in here: the engine's labels tell of them.
 * One writer, WAL, each migration in a transaction; `PRAGMA user_version` counts the migrations that are done.
 */
import { createHash, randomBytes } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Progress } from '../protocol.ts'
import { PLACES_TABLES, Places } from './places.ts'

const migrations = [
  `CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
   CREATE TABLE event (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, created_at INTEGER NOT NULL) STRICT;
   CREATE TABLE participant (
     id INTEGER PRIMARY KEY,
     event INTEGER NOT NULL REFERENCES event(id) ON DELETE CASCADE,
     name TEXT NOT NULL,
     created_at INTEGER NOT NULL,
     UNIQUE (event, name)
   ) STRICT;
   CREATE TABLE session (
     token_hash TEXT PRIMARY KEY,
     participant INTEGER NOT NULL REFERENCES participant(id) ON DELETE CASCADE,
     created_at INTEGER NOT NULL,
     expires_at INTEGER NOT NULL
   ) STRICT;
   CREATE TABLE progress (
     participant INTEGER NOT NULL REFERENCES participant(id) ON DELETE CASCADE,
     step TEXT NOT NULL,
     task TEXT NOT NULL,
     solved_at INTEGER NOT NULL,
     PRIMARY KEY (participant, step, task)
   ) STRICT;`,
  // A lab's seed is in the key: who returns to a server that was kept finds what they answered there.
  `CREATE TABLE answer (
     participant INTEGER NOT NULL REFERENCES participant(id) ON DELETE CASCADE,
     seed TEXT NOT NULL,
     step TEXT NOT NULL,
     task TEXT NOT NULL,
     given TEXT NOT NULL,
     wrong INTEGER NOT NULL,
     wait_until INTEGER NOT NULL,
     PRIMARY KEY (participant, seed, step, task)
   ) STRICT;`,
  PLACES_TABLES,
]

export interface Participant {
  id: number
  event: string
  name: string
}

/** What somebody answered to a task's questions in one lab. */
export interface KeptAnswers {
  /** By question. */
  given: Record<string, string>
  /** How many tries were wrong. */
  wrong: number
  /** Milliseconds since the epoch before which nothing new is taken. */
  waitUntil: number
}

const SESSION_MS = 90 * 24 * 3600 * 1000

export class Store {
  readonly #db: DatabaseSync

  /** Opens or makes `course.sqlite` in the folder. Throws if the folder can't be written or the file is of a newer version. */
  constructor(dataDir: string) {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 })
    const file = join(dataDir, 'course.sqlite')
    this.#db = new DatabaseSync(file)
    this.#db.exec(
      'PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 5000',
    )
    const done = (this.#db.prepare('PRAGMA user_version').get() as { user_version: number }).user_version
    if (done > migrations.length)
      throw new Error(
        `${file} was written by a newer version of the course (${done}, this one knows ${migrations.length})`,
      )
    for (let version = done; version < migrations.length; version++)
      this.#db.exec(`BEGIN IMMEDIATE; ${migrations[version]}; PRAGMA user_version = ${version + 1}; COMMIT`)
  }

  close(): void {
    this.#db.close()
  }

  /** A value that is made once and stays: the installation's name, the key of the door. */
  setting(name: string, make: () => string): string {
    this.#db.prepare('INSERT OR IGNORE INTO setting (name, value) VALUES (?, ?)').run(name, make())
    return (this.#db.prepare('SELECT value FROM setting WHERE name = ?').get(name) as { value: string }).value
  }

  /** Finds or adds a participant of an event, which is added too if it is new. */
  participant(event: string, name: string): Participant {
    const now = Date.now()
    this.#db.prepare('INSERT OR IGNORE INTO event (name, created_at) VALUES (?, ?)').run(event, now)
    this.#db
      .prepare(
        'INSERT OR IGNORE INTO participant (event, name, created_at) SELECT id, ?, ? FROM event WHERE name = ?',
      )
      .run(name, now, event)
    const row = this.#db
      .prepare(
        'SELECT p.id FROM participant p JOIN event e ON e.id = p.event WHERE e.name = ? AND p.name = ?',
      )
      .get(event, name) as { id: number }
    return { id: row.id, event, name }
  }

  participants(event: string): Participant[] {
    const rows = this.#db
      .prepare('SELECT p.id, p.name FROM participant p JOIN event e ON e.id = p.event WHERE e.name = ?')
      .all(event) as { id: number; name: string }[]
    return rows.map(row => ({ id: row.id, event, name: row.name }))
  }

  /** A new session; the token is given once and only its hash is kept. */
  openSession(participant: Participant): string {
    const token = randomBytes(32).toString('base64url')
    const now = Date.now()
    this.#db.prepare('DELETE FROM session WHERE expires_at < ?').run(now)
    this.#db
      .prepare('INSERT INTO session (token_hash, participant, created_at, expires_at) VALUES (?, ?, ?, ?)')
      .run(hash(token), participant.id, now, now + SESSION_MS)
    return token
  }

  /** Whose session it is, or null if there is none or it has ended. */
  session(token: string): Participant | null {
    const row = this.#db
      .prepare(
        `SELECT p.id, p.name, e.name AS event FROM session s
         JOIN participant p ON p.id = s.participant JOIN event e ON e.id = p.event
         WHERE s.token_hash = ? AND s.expires_at > ?`,
      )
      .get(hash(token), Date.now()) as Participant | undefined
    return row ? { id: row.id, event: row.event, name: row.name } : null
  }

  /** Keeps the first success of a task; tells whether this was it. */
  solve(participant: Participant, step: string, task: string, at: number): boolean {
    const { changes } = this.#db
      .prepare('INSERT OR IGNORE INTO progress (participant, step, task, solved_at) VALUES (?, ?, ?, ?)')
      .run(participant.id, step, task, at)
    return changes > 0
  }

  progress(participant: Participant): Progress {
    const rows = this.#db
      .prepare('SELECT step, task, solved_at FROM progress WHERE participant = ? ORDER BY step, task')
      .all(participant.id) as { step: string; task: string; solved_at: number }[]
    const progress: Progress = {}
    for (const row of rows) {
      const step = progress[row.step] ?? {}
      step[row.task] = row.solved_at
      progress[row.step] = step
    }
    return progress
  }

  /** The answers of a step in the lab of this seed, by task. */
  answers(participant: Participant, seed: string, step: string): Map<string, KeptAnswers> {
    const rows = this.#db
      .prepare(
        'SELECT task, given, wrong, wait_until FROM answer WHERE participant = ? AND seed = ? AND step = ?',
      )
      .all(participant.id, seed, step) as { task: string; given: string; wrong: number; wait_until: number }[]
    return new Map(
      rows.map(({ task, given, wrong, wait_until }) => [
        task,
        { given: JSON.parse(given) as Record<string, string>, wrong, waitUntil: wait_until },
      ]),
    )
  }

  keepAnswers(participant: Participant, seed: string, step: string, task: string, kept: KeptAnswers): void {
    this.#db
      .prepare(
        `INSERT OR REPLACE INTO answer (participant, seed, step, task, given, wrong, wait_until)
         VALUES (?, ?, ?, ?, ?, ?, ?)`,
      )
      .run(participant.id, seed, step, task, JSON.stringify(kept.given), kept.wrong, kept.waitUntil)
  }

  places(participant: Participant): Places {
    return new Places(this.#db, participant.id)
  }

  forgetAnswers(participant: Participant, seed: string): void {
    this.#db.prepare('DELETE FROM answer WHERE participant = ? AND seed = ?').run(participant.id, seed)
  }
}

const hash = (token: string): string => createHash('sha256').update(token).digest('hex')

/** Frame times of a page, as the browser itself hands out frames. */
import type { Page } from 'playwright'

/** Milliseconds between frames while the page is left alone for `ms`. */
export function frames(page: Page, ms: number): Promise<number[]> {
  return page.evaluate(
    budget =>
      new Promise<number[]>(resolve => {
        const deltas: number[] = []
        const end = performance.now() + budget
        let last = performance.now()
        const frame = (now: number) => {
          deltas.push(now - last)
          last = now
          if (now < end) requestAnimationFrame(frame)
          else resolve(deltas.slice(1))
        }
        requestAnimationFrame(frame)
      }),
    ms,
  )
}

/** What is on the map at this moment. */
export function census(page: Page): Promise<{ places: number; envelopes: number; rows: number }> {
  return page.evaluate(() => ({
    places: document.querySelectorAll('.map-picture .place').length,
    envelopes: document.querySelectorAll('.map-picture .envelope').length,
    rows: document.querySelectorAll('.map-rows li').length,
  }))
}

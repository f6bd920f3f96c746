/**
 * The outline of a postage stamp as an SVG path: a rectangle whose edges are bitten by half circles.
 * `pitch` is about the distance between two bites, `bite` their radius; corners stay whole.
 */
export function perforated(
  x: number,
  y: number,
  width: number,
  height: number,
  pitch: number,
  bite: number,
): string {
  const round = (n: number) => Math.round(n * 100) / 100
  const edge = (fromX: number, fromY: number, dx: number, dy: number, length: number) => {
    const bites = Math.max(1, Math.round(length / pitch))
    let path = ''
    for (let i = 0; i < bites; i++) {
      const middle = ((i + 0.5) * length) / bites
      const before = middle - bite
      const after = middle + bite
      path += `L${round(fromX + dx * before)} ${round(fromY + dy * before)}`
      path += `A${bite} ${bite} 0 0 0 ${round(fromX + dx * after)} ${round(fromY + dy * after)}`
    }
    return `${path}L${round(fromX + dx * length)} ${round(fromY + dy * length)}`
  }
  return [
    `M${x} ${y}`,
    edge(x, y, 1, 0, width),
    edge(x + width, y, 0, 1, height),
    edge(x + width, y + height, -1, 0, width),
    edge(x, y + height, 0, -1, height),
    'Z',
  ].join('')
}

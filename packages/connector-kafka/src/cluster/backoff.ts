/** How long to wait before a next try: twice as long each time, up to a second, and never quite alike. */
export function backoffMs(tries: number): number {
  const longest = Math.min(1_000, 25 * 2 ** Math.min(tries, 10))
  return Math.round(longest * (0.5 + Math.random() / 2))
}

const blocks = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const

/** `values` averaged into `width` buckets that stand for `total` values; what has not come yet is missing. */
export function bucketed(values: readonly number[], total: number, width: number): readonly number[] {
  const buckets: number[] = []
  for (let index = 0; index < width; index += 1) {
    const from = Math.floor((index * total) / width)
    const to = Math.max(from + 1, Math.floor(((index + 1) * total) / width))
    if (from >= values.length) break
    const part = values.slice(from, to)
    buckets.push(part.reduce((sum, value) => sum + value, 0) / (to - from))
  }
  return buckets
}

/** One character per value; `top` is a full block. Anything above zero is seen. */
export function sparkline(values: readonly number[], top: number): string {
  return values
    .map((value) => {
      const level = value <= 0 ? 0 : Math.max(1, Math.min(8, Math.round((8 * value) / Math.max(top, 1e-9))))
      return blocks[level] ?? ' '
    })
    .join('')
}

/** A bar of `value` in `top`, at most `width` columns, in eighths. */
export function bar(value: number, top: number, width: number): string {
  const eighths = Math.round((8 * width * value) / Math.max(top, 1))
  const rest = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'][eighths % 8] ?? ''
  return '█'.repeat(Math.floor(eighths / 8)) + rest
}

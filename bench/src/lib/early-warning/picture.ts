import type { Localized } from '@andon/core'

/** Cases of a fault by month, when it was told and when it became known. */
export interface Panel {
  readonly title: Localized
  /** By month of arrival: `2021-05` → cases. */
  readonly months: ReadonlyMap<string, number>
  /** Dates, `2021-05-21`. */
  readonly told: string
  readonly known: string
  readonly event: string
}

const [width, height, left, top] = [820, 190, 50, 52]
const axis: Localized = { en: 'complaints a month', zh: '每月投诉数' }

const monthNumber = (date: string): number => Number(date.slice(0, 4)) * 12 + Number(date.slice(5, 7)) - 1

/** Panels one below the other, all with one axis of time, as SVG. */
export function picture(panels: readonly Panel[], locale: 'en' | 'zh'): string {
  const all = panels.flatMap(({ months }) => [...months.keys()].map(monthNumber))
  const [first, last] = [Math.floor(Math.min(...all) / 12) * 12, Math.max(...all) + 1]
  const x = (month: number): number => left + ((month - first) / (last - first)) * (width - left - 20)
  const drawn = panels.map((panel, index) => panelOf(panel, index * height, x, locale))
  const years = Array.from({ length: Math.floor((last - first) / 12) + 1 }, (_, year) => first + 12 * year)
  const labels = years.map(
    (month) =>
      `<text x="${x(month).toFixed(1)}" y="${panels.length * height + 14}" text-anchor="middle">${month / 12}</text>`,
  )
  const total = panels.length * height + 24
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${total}" font-family="sans-serif" font-size="12" fill="#444" role="img">
<title>${panels.map(({ title }) => title[locale]).join('; ')}</title>
<rect width="${width}" height="${total}" fill="#fff"/>
${[...drawn, ...labels].join('\n')}
</svg>
`
}

function panelOf(
  { title, months, told, known, event }: Panel,
  y: number,
  x: (month: number) => number,
  locale: 'en' | 'zh',
): string {
  const most = Math.max(...months.values())
  const base = y + height - 24
  const scale = (base - y - top) / most
  const bars = [...months].map(([month, cases]) => {
    const [from, to] = [x(monthNumber(month)), x(monthNumber(month) + 1)]
    const tall = cases * scale
    return `<rect x="${from.toFixed(1)}" y="${(base - tall).toFixed(1)}" width="${(to - from - 0.6).toFixed(1)}" height="${tall.toFixed(1)}" fill="#8ab"/>`
  })
  const at = (date: string): number => x(monthNumber(date) + Number(date.slice(8, 10)) / 31)
  const line = (date: string, colour: string): string =>
    `<line x1="${at(date).toFixed(1)}" x2="${at(date).toFixed(1)}" y1="${y + 30}" y2="${base}" stroke="${colour}" stroke-width="2"/>`
  const note = (date: string, colour: string, text: string, anchor: string): string =>
    `<text x="${(at(date) + (anchor === 'end' ? -6 : 6)).toFixed(1)}" y="${y + 40}" text-anchor="${anchor}" fill="${colour}">${text}</text>`
  const ahead = Math.floor((Date.parse(known) - Date.parse(told)) / 86_400_000 / 30.44)
  const lead = locale === 'zh' ? `${told} 发现，提前 ${ahead} 个月` : `told ${told}, ${ahead} months ahead`
  return [
    `<text x="${left}" y="${y + 18}" font-size="14" font-weight="bold">${title[locale]}</text>`,
    `<text x="${left - 8}" y="${y + top + 4}" text-anchor="end">${most}</text>`,
    `<text x="${left - 8}" y="${base}" text-anchor="end">0</text>`,
    `<text x="${width - 20}" y="${y + 18}" text-anchor="end" fill="#888">${axis[locale]}</text>`,
    `<line x1="${left}" x2="${width - 20}" y1="${base}" y2="${base}" stroke="#888"/>`,
    ...bars,
    line(told, '#c60'),
    note(told, '#c60', lead, 'end'),
    line(known, '#a02'),
    note(known, '#a02', event, 'start'),
  ].join('\n')
}

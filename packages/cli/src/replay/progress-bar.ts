import type { Locale, Localized } from '@andon/core'
import type { Output } from '../io.js'
import type { Progress } from './replay.js'

const barWidth = 24
/** A terminal drawn more often than this (ms) costs time and shows nothing more. */
const everyMs = 100

/** Draws progress on one line of a terminal; draws nothing elsewhere. */
export function progressBar(
  output: Output,
  locale: Locale,
  unit: Localized = { en: 'rows', zh: '行' },
): { show(progress: Progress): void; clear(): void } {
  let drawnAt = Number.NEGATIVE_INFINITY
  if (!output.isTerminal) return { show: () => undefined, clear: () => undefined }
  return {
    show({ rows, share, seconds }) {
      if (seconds * 1000 - drawnAt < everyMs) return
      drawnAt = seconds * 1000
      const full = Math.round(share * barWidth)
      const bar = '█'.repeat(full) + '░'.repeat(barWidth - full)
      const perSecond = Math.round(rows / Math.max(seconds, 0.001)).toLocaleString('en-US')
      const line = `${bar} ${Math.round(share * 100)} %  ${rows.toLocaleString('en-US')} ${unit[locale]}  ${perSecond} ${unit[locale]}/s`
      output.write(`\r\u001b[2K${line.slice(0, Math.max(20, output.width - 1))}`)
    },
    clear() {
      if (drawnAt > Number.NEGATIVE_INFINITY) output.write('\r\u001b[2K')
    },
  }
}

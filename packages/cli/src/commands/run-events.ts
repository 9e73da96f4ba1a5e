import type { AndonEvents, Localized } from '@andon/core'
import type { CommandContext } from '../context.js'
import type { Style } from '../paint.js'

type Printer = Pick<AndonEvents, 'signal' | 'action' | 'quarantined' | 'warning' | 'error'> & {
  started(): void
  draining(): void
  closed(): void
}

const words = {
  signal: { en: 'signal', zh: '信号' },
  action: { en: 'action', zh: '动作' },
  quarantined: { en: 'quarantined', zh: '已隔离' },
  warning: { en: 'warning', zh: '警告' },
  error: { en: 'error', zh: '错误' },
  started: {
    en: 'Running. Ctrl-C drains and closes; a second one stops at once.',
    zh: '运行中。按 Ctrl-C 排空并关闭；再按一次立即停止。',
  },
  draining: { en: 'Draining …', zh: '正在排空……' },
  closed: { en: 'Closed.', zh: '已关闭。' },
} as const satisfies Record<string, Localized>

/** Prints what happens: a line each, or a JSON object each (`{event, at, …}`) on standard output. */
export function eventPrinter({ json, locale, paint, print, tell }: CommandContext): Printer {
  const line = (at: number, what: keyof typeof words, styles: readonly Style[], text: string): void => {
    const time = new Date(at).toISOString().slice(11, 19)
    print(`${paint(time, 'dim')}  ${paint(words[what][locale], ...styles)}  ${text}`)
  }
  const object = (event: string, at: number, details: object): void =>
    print(JSON.stringify({ event, at: new Date(at).toISOString(), ...details }))
  const milestone = (event: 'started' | 'draining' | 'closed') => (): void => {
    if (json) object(event, Date.now(), {})
    else tell(words[event])
  }
  return {
    started: milestone('started'),
    draining: milestone('draining'),
    closed: milestone('closed'),
    signal(signal) {
      if (json) return object('signal', signal.updatedAt, { signal })
      const { status, severity, title, occurrences } = signal
      line(
        signal.updatedAt,
        'signal',
        ['bold', severity >= 9 ? 'red' : 'yellow'],
        `${status}  ${title[locale]}  (${severity}, ${occurrences}×)`,
      )
    },
    action(action) {
      if (json) return object('action', action.updatedAt, { action })
      const { kind, target, status, note } = action
      line(
        action.updatedAt,
        'action',
        ['cyan'],
        `${kind} → ${target}  ${status}${note === undefined ? '' : `  ${note[locale]}`}`,
      )
    },
    quarantined(record) {
      if (json)
        return object('quarantined', record.at, {
          id: record.id,
          source: record.source,
          problems: record.problems,
        })
      const problems = record.problems.map(({ field, reason }) => `${field} ${reason[locale]}`)
      line(record.at, 'quarantined', ['yellow'], `${record.id}  ${problems.join('; ')}`)
    },
    warning({ code, text }) {
      if (json) return object('warning', Date.now(), { code, text })
      line(Date.now(), 'warning', ['yellow'], text[locale])
    },
    error(error) {
      if (json) return object('error', Date.now(), { code: error.code, text: error.text })
      line(Date.now(), 'error', ['red'], error.describe(locale))
    },
  }
}

import type { Difference, Locale, Reconciliation } from '@andon/core'
import { type JsonValue, subjectKey } from '@andon/core/connector'
import stringWidth from 'fast-string-width'
import type { Paint } from '../paint.js'

const shown = 20
const widest = 40
const count = (value: number): string => value.toLocaleString('en-US')

const words = {
  nothing: {
    en: 'There is nothing to compare: no action has changed anything in these systems, or they cannot tell how it stands.',
    zh: '没有可核对的内容：尚无动作改变过这些系统，或它们无法告知现状。',
  },
  same: {
    en: 'The plant stands as Andon believes it to stand.',
    zh: '工厂现状与 Andon 的记录一致。',
  },
  headings: {
    en: ['target', 'what', 'field', 'believed', 'found', 'action'],
    zh: ['系统', '对象', '字段', '记录', '实际', '动作'],
  },
  unknown: { en: '(unknown there)', zh: '（该系统中不存在）' },
  next: {
    en: `What to do: ask who changed these by hand, and whether that is to stand. To have Andon propose how to put back what its
own actions had set, run this again with --propose: nothing is done before a person approves.`,
    zh: `处理：先查明是谁手工改动了这些内容、是否应予保留。如需由 Andon 提出恢复建议，请加上 --propose 再次运行；
未经人员批准不会执行任何动作。`,
  },
  unresolved: {
    en: 'What could not be compared is neither the same nor different: ask the system again when it answers.',
    zh: '未能核对的内容既不算一致也不算不同：请待该系统恢复应答后再次核对。',
  },
} as const

/**
 * A share as a percentage, cut off and never rounded up: `100 %` only when all match, and otherwise with two digits of
 * what is lacking (98.7 %, 99.943 %, 99.9987 %), or fewer where they say it exactly (99.9 %).
 */
export function percentage(matching: number, compared: number): string {
  if (compared === 0 || matching === compared) return '100 %'
  // In whole numbers, so that no rounding of a division shows.
  for (let digits = 1; ; digits++) {
    const whole = 10n ** BigInt(digits + 2)
    const scaled = (BigInt(matching) * whole) / BigInt(compared)
    const isExact = scaled * BigInt(compared) === BigInt(matching) * whole
    if (!isExact && whole - scaled < 10n) continue
    const text = String(scaled).padStart(digits + 1, '0')
    return `${text.slice(0, -digits)}.${text.slice(-digits)} %`
  }
}

/** What a reconciliation found, as a person reads it. */
export function reconcileReport(
  result: Reconciliation,
  proposalsWereAsked: boolean,
  locale: Locale,
  paint: Paint,
): string {
  const { compared, matching, differences, moreDifferences, unresolved, moreUnresolved } = result
  const zh = locale === 'zh'
  const blocks: string[] = []
  if (compared === 0 && unresolved.length === 0) return paint(words.nothing[locale], 'yellow')
  const share = percentage(matching, compared)
  const differing = compared - matching
  const head = zh
    ? `一致性 ${share}：核对 ${count(compared)} 项，一致 ${count(matching)} 项，不同 ${count(differing)} 项`
    : `Consistency ${share}: ${count(compared)} compared, ${count(matching)} the same, ${count(differing)} different`
  if (compared > 0) blocks.push(paint(head, 'bold', differing === 0 ? 'green' : 'red'))
  if (differing === 0 && unresolved.length === 0) blocks.push(words.same[locale])
  if (differences.length > 0) {
    const rows = differenceTable(differences.slice(0, shown), locale, paint)
    const more = differences.length - Math.min(shown, differences.length) + moreDifferences
    if (more > 0) rows.push(zh ? `另有 ${count(more)} 项` : `and ${count(more)} more`)
    blocks.push(rows.join('\n'))
  }
  if (unresolved.length > 0) {
    const rows = unresolved.slice(0, shown).map(({ target, subject, reason }) => {
      const what = subject === undefined ? target : `${target}  ${subjectKey(subject)}`
      return `  ${what}  ${reason[locale]}`
    })
    const more = unresolved.length - rows.length + moreUnresolved
    if (more > 0) rows.push(zh ? `  另有 ${count(more)} 项` : `  and ${count(more)} more`)
    blocks.push([paint(zh ? '未能核对：' : 'Not compared:', 'yellow'), ...rows].join('\n'))
  }
  blocks.push(...advice(result, proposalsWereAsked, locale))
  return blocks.join('\n\n')
}

function advice(
  { differences, unresolved, proposals, withoutProposal }: Reconciliation,
  proposalsWereAsked: boolean,
  locale: Locale,
): readonly string[] {
  const texts: string[] = []
  if (proposals.length > 0) {
    const number = count(proposals.length)
    texts.push(
      locale === 'zh'
        ? `已提出 ${number} 个恢复动作，等待人员批准：${proposals.join('、')}`
        : `${number} action${proposals.length === 1 ? '' : 's'} to put things back wait for approval: ${proposals.join(', ')}`,
    )
  } else if (differences.length > 0 && !proposalsWereAsked) texts.push(words.next[locale])
  if (withoutProposal > 0) {
    const number = count(withoutProposal)
    texts.push(
      locale === 'zh'
        ? `有 ${number} 项未提出恢复建议：没有可恢复它的动作，已有建议在等待，或建议数量已达上限。`
        : `${number} of what differs got no proposal: no action can put it back, one waits already, or there were too many.`,
    )
  }
  if (unresolved.length > 0) texts.push(words.unresolved[locale])
  return texts
}

function differenceTable(differences: readonly Difference[], locale: Locale, paint: Paint): string[] {
  const rows = differences.map(({ target, subject, field, believed, found, actionId }) => [
    ...[target, subjectKey(subject), field, shortened(believed)],
    found === undefined ? words.unknown[locale] : shortened(found),
    actionId,
  ])
  const headings: readonly string[] = words.headings[locale]
  const widths = headings.map((heading, column) =>
    Math.max(...[heading, ...rows.map((row) => row[column] ?? '')].map((cell) => stringWidth(cell))),
  )
  // CJK is two columns wide.
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - stringWidth(cell)))
      .join('  ')
      .trimEnd()
  return [paint(line(headings), 'dim'), ...rows.map(line)]
}

function shortened(value: JsonValue): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return text.length <= widest ? text : `${text.slice(0, widest - 1)}…`
}

export function reconcileJson({ at, ...result }: Reconciliation): object {
  return { at: new Date(at).toISOString(), ...result }
}

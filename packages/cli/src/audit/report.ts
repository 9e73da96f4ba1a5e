import type { AuditProblem, AuditReport, Locale, Localized } from '@andon/core'
import type { Paint } from '../paint.js'

const count = (value: number): string => value.toLocaleString('en-US')

const kinds = {
  changed: { en: 'changed', zh: '被修改' },
  removed: { en: 'removed', zh: '被删除' },
  reordered: { en: 'moved', zh: '被移动' },
  'not-json': { en: 'damaged', zh: '已损坏' },
  inserted: { en: 'put in', zh: '被插入' },
  truncated: { en: 'cut off', zh: '被截断' },
} as const satisfies Record<AuditProblem['kind'], Localized>

const keepHead = {
  en: `Keep the head where nobody who can change the log can change it, and check against it next time with --head:
a cut end, or a log that was written anew as a whole, is noticed only that way.`,
  zh: `请把链尾保存在无法被改动日志者改动的地方，下次用 --head 与之核对：
只有这样才能发现末尾被截断，或整个日志被重写。`,
}
const broken = {
  en: `What it means: the record of what was done and decided is no longer as Andon wrote it. It was edited, or the disk
damaged it. What Andon does next is not touched by it; what is proven about the past is.
What to do: change nothing and copy the data folder as it is. Compare the lines named here with your latest export or
backup, and ask who could write to the file since. Lines before the first one named are proven.`,
  zh: `含义：对已执行动作和已作决定的记录不再是 Andon 写下的样子，可能被人改动，也可能是磁盘损坏所致。Andon 之后的运行不受影响，
受影响的是对过去的证明。
处理：不要改动任何内容，先原样复制数据文件夹；把这里列出的各行与最近一次导出或备份对照，并查明此后谁能写入该文件。
首个被列出的行之前的各行仍然得到证明。`,
}
const empty = {
  en: 'No line has been written yet: there is nothing to check.',
  zh: '尚未写入任何一行，无可检查。',
}

/** What a check of the log found, as a person reads it. */
export function auditReport(
  reports: readonly AuditReport[],
  headWasGiven: boolean,
  locale: Locale,
  paint: Paint,
): string {
  const wrong = reports.some(({ ok }) => !ok)
  if (!wrong && reports.every(({ lines }) => lines === 0)) return paint(empty[locale], 'yellow')
  const blocks = reports.map((report) => chainBlock(report, locale, paint))
  if (wrong) blocks.push(broken[locale])
  else if (!headWasGiven) blocks.push(paint(keepHead[locale], 'dim'))
  return blocks.join('\n\n')
}

function chainBlock(report: AuditReport, locale: Locale, paint: Paint): string {
  const { ok, tenant = '–', lines, head, problems, more } = report
  const zh = locale === 'zh'
  const wrong = problems.length + more
  const verdict = ok
    ? paint(zh ? '完整无误' : 'whole and unchanged', 'green')
    : paint(zh ? `${count(wrong)} 处问题` : `${count(wrong)} problem${wrong === 1 ? '' : 's'}`, 'bold', 'red')
  const read = zh ? `${count(lines)} 行` : `${count(lines)} line${lines === 1 ? '' : 's'}`
  const rows = [`${paint(tenant, 'bold')}  ${read}  ${verdict}`]
  if (head !== undefined) rows.push(`  ${zh ? '链尾' : 'head'}  ${head.sequence}:${head.hash}`)
  for (const problem of problems) rows.push(problemLine(problem, locale, paint))
  if (more > 0) rows.push(zh ? `  另有 ${count(more)} 处` : `  and ${count(more)} more`)
  return rows.join('\n')
}

function problemLine({ line, sequence, kind, text }: AuditProblem, locale: Locale, paint: Paint): string {
  const place =
    locale === 'zh'
      ? `第 ${line} 行${sequence === undefined ? '' : `（编号 ${sequence}）`}`
      : `line ${line}${sequence === undefined ? '' : ` (number ${sequence})`}`
  return `  ${paint(place, 'bold')}  ${paint(kinds[kind][locale], 'red')}  ${text[locale]}`
}

export function auditJson(reports: readonly AuditReport[]): object {
  return {
    ok: reports.every(({ ok }) => ok),
    chains: reports.map(({ ok, tenant = null, lines, head, problems, more }) => ({
      tenant,
      ok,
      lines,
      head: head === undefined ? null : { sequence: head.sequence, hash: head.hash },
      problems,
      more,
    })),
  }
}

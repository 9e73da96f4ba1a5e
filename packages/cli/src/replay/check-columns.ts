import { CliError } from '../cli-error.js'
import { exitCodes } from '../exit-codes.js'
import type { Mapping } from '../mapping/mapping-schema.js'
import { columnsIn } from '../mapping/references.js'
import { nearest } from '../suggest.js'

/** @throws CliError exit code 1 when the mapping names columns that the file does not have, with what was probably meant */
export function checkColumns(mapping: Mapping, columns: readonly string[]): void {
  const missing = [...columnsIn(mapping)].filter((name) => !columns.includes(name))
  if (missing.length === 0) return
  const list = (didYouMean: (name: string) => string): string =>
    missing
      .map((name) => {
        const meant = nearest(name, columns)
        return `${name}${meant === undefined ? '' : didYouMean(meant)}`
      })
      .join(', ')
  throw new CliError(
    {
      en: `The mapping names columns that the file does not have: ${list((name) => ` (did you mean ${name}?)`)}. The file has: ${columns.join(', ')}.`,
      zh: `映射中的列在文件中不存在：${list((name) => `（是否想写 ${name}？）`)}。文件中的列：${columns.join('、')}。`,
    },
    exitCodes.invalid,
  )
}

import { pipeline, type Readable } from 'node:stream'
import { CsvError, parse } from 'csv-parse'
import { CliError } from '../cli-error.js'
import { exitCodes } from '../exit-codes.js'
import type { Row } from '../mapping/row.js'

export interface CsvOptions {
  readonly delimiter: string
  readonly header?: (columns: readonly string[]) => void
}

/** A row longer than this is a forgotten quote that swallows the file (UTF-16 units). */
const longestRecord = 16 * 1024 * 1024

/**
 * The rows of a CSV text by column. A row with another number of cells than the header comes as the JSON list of
 * its cells, what an unclosed quote swallows as its text.
 *
 * @throws CliError exit code 2 when the header is missing or names a column twice
 */
export async function* csvRecords(
  text: Readable,
  { delimiter, header }: CsvOptions,
  file: string,
): AsyncGenerator<Row | string, void, undefined> {
  const skipped: string[] = []
  const parser = parse({
    delimiter,
    relax_column_count: true,
    // A stray quote is part of the cell: to stop at it would lose the parser's place and with it the rows behind.
    relax_quotes: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
    max_record_size: longestRecord,
    on_skip: (_, raw) => {
      skipped.push(raw ?? '')
      return undefined
    },
    raw: true,
  })
  const records: AsyncIterable<unknown> = pipeline(text, parser, () => undefined)
  let columns: readonly string[] | undefined
  try {
    for await (const record of records) {
      for (const raw of skipped.splice(0)) yield raw
      const cells = cellsOf(record)
      if (columns === undefined) {
        columns = checkedHeader(cells, file)
        header?.(columns)
      } else yield cells.length === columns.length ? rowOf(columns, cells) : JSON.stringify(cells)
    }
  } catch (cause) {
    if (!(cause instanceof CsvError)) throw cause
    throw new CliError(
      { en: `${file} is not CSV: ${cause.message}.`, zh: `${file} 不是有效的 CSV：${cause.message}。` },
      exitCodes.usage,
      { cause },
    )
  }
  for (const raw of skipped) yield raw
  if (columns === undefined) throw noHeader(file, '', '')
}

function cellsOf(record: unknown): readonly string[] {
  const cells: unknown =
    typeof record === 'object' && record !== null ? Reflect.get(record, 'record') : undefined
  return Array.isArray(cells) ? cells.map(String) : []
}

function rowOf(columns: readonly string[], cells: readonly string[]): Row {
  return Object.fromEntries(columns.map((column, index) => [column, cells[index] ?? '']))
}

function checkedHeader(cells: readonly string[], file: string): readonly string[] {
  const columns = cells.map((cell) => cell.trim())
  const twice = columns.find((column, index) => columns.indexOf(column) !== index)
  if (twice !== undefined) {
    throw noHeader(file, `: the column "${twice}" is there twice`, `：列“${twice}”出现了两次`)
  }
  return columns
}

const noHeader = (file: string, en: string, zh: string): CliError =>
  new CliError(
    { en: `${file} has no usable header line${en}.`, zh: `${file} 没有可用的表头${zh}。` },
    exitCodes.usage,
  )

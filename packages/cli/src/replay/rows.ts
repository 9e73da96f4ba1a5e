import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { CliError, unreadableFile } from '../cli-error.js'
import { exitCodes } from '../exit-codes.js'
import type { Row } from '../mapping/row.js'
import { csvRecords } from './csv-records.js'

/** One record of the file, as it goes to intake: an object where it could be read, else its text. */
export interface FileRow {
  /** 1 for the first record after the header. */
  readonly number: number
  readonly body: Row | string
}

export interface RowsOptions {
  readonly format: 'csv' | 'ndjson'
  readonly encoding: string
  readonly delimiter: string
  /** Tells how many bytes of how many have been read. */
  readonly read?: (bytes: number, of: number) => void
  /** Sees the columns of a CSV file before its first row. */
  readonly header?: (columns: readonly string[]) => void
}

/** CSV unless the name says that it is NDJSON. */
export function formatOf(file: string): RowsOptions['format'] {
  return /\.(?:ndjson|jsonl|json)$/i.test(file) ? 'ndjson' : 'csv'
}

/**
 * Streams the records of a file; what cannot be read becomes a row of text, for intake to quarantine.
 *
 * @throws CliError exit code 2 when there is no such file or encoding, or the CSV has no usable header
 */
export async function* readRows(
  file: string,
  options: RowsOptions,
): AsyncGenerator<FileRow, void, undefined> {
  const text = await decoded(file, options)
  const bodies = options.format === 'csv' ? csvRecords(text, options, file) : jsonLines(text)
  let number = 0
  for await (const body of bodies) yield { number: ++number, body }
}

async function decoded(file: string, { encoding, read }: RowsOptions): Promise<Readable> {
  const decoder = decoderFor(encoding)
  const { size } = await stat(file).catch((cause: unknown) => {
    throw unreadableFile(file, cause)
  })
  async function* chunks(): AsyncGenerator<string, void, undefined> {
    let bytes = 0
    const stream: AsyncIterable<Uint8Array> = createReadStream(file, { highWaterMark: 1 << 18 })
    try {
      for await (const chunk of stream) {
        bytes += chunk.length
        read?.(bytes, size)
        yield decoder.decode(chunk, { stream: true })
      }
    } catch (cause) {
      throw unreadableFile(file, cause)
    }
    yield decoder.decode()
  }
  return Readable.from(chunks(), { objectMode: true })
}

function decoderFor(encoding: string): InstanceType<typeof TextDecoder> {
  try {
    // A byte order mark is dropped; bytes that are not of the encoding become U+FFFD, which quarantines their row.
    return new TextDecoder(encoding)
  } catch (cause) {
    throw new CliError(
      { en: `There is no encoding "${encoding}".`, zh: `没有名为“${encoding}”的编码。` },
      exitCodes.invalid,
      { cause },
    )
  }
}

async function* jsonLines(text: Readable): AsyncGenerator<string, void, undefined> {
  for await (const line of createInterface({ input: text, crlfDelay: Number.POSITIVE_INFINITY })) {
    if (/\S/.test(line)) yield line
  }
}

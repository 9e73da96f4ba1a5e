import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { unreadableFile } from '../cli-error.js'

/** No line of a log is that long: what is longer is damaged, and need not be kept to see that. */
const longestLine = 16 * 1024 * 1024
const lineEnd = 0x0a
const chunkSize = 1024 * 1024

/**
 * The lines of a file as bytes, without their line ends; the last one needs none. (A reader of texts would decode
 * broken characters to whole ones, and take U+2028 within a line for its end.)
 *
 * @param read told the share of the file that has been read, 0 to 1
 * @throws CliError exit code 2 when the file cannot be read
 */
export async function* linesOfFile(
  file: string,
  read: (share: number) => void,
): AsyncGenerator<Uint8Array, void, undefined> {
  const { size } = await stat(file).catch((cause: unknown) => {
    throw unreadableFile(file, cause)
  })
  let done = 0
  let rest: Buffer[] = []
  let restLength = 0
  const line = (last: Buffer): Buffer => {
    const whole = rest.length === 0 ? last : Buffer.concat([...rest, last])
    rest = []
    restLength = 0
    return whole
  }
  for await (const chunk of chunksOf(file)) {
    let from = 0
    for (;;) {
      const end = chunk.indexOf(lineEnd, from)
      if (end < 0) break
      yield line(chunk.subarray(from, end))
      from = end + 1
    }
    const left = chunk.subarray(from)
    if (left.length > 0 && restLength < longestLine) {
      rest.push(left)
      restLength += left.length
    }
    done += chunk.length
    read(size === 0 ? 1 : Math.min(1, done / size))
  }
  if (restLength > 0) yield line(Buffer.alloc(0))
}

async function* chunksOf(file: string): AsyncGenerator<Buffer, void, undefined> {
  try {
    // Without an encoding a stream gives buffers.
    for await (const chunk of createReadStream(file, { highWaterMark: chunkSize })) yield chunk as Buffer
  } catch (cause) {
    throw unreadableFile(file, cause)
  }
}

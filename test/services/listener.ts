import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

/** A folder that is gone with the test. */
export function folderOfTest(): string {
  const folder = mkdtempSync(join(tmpdir(), 'andon-services-test-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** Something that listens, and is none of the servers. */
export async function listener(
  answer: (socket: Socket) => void = () => undefined,
  port = 0,
): Promise<{ port: number; folder: string }> {
  const server = createServer(answer)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', resolve)
  })
  onTestFinished(() => {
    server.close()
  })
  const address = server.address()
  return { port: typeof address === 'object' && address !== null ? address.port : 0, folder: folderOfTest() }
}

import { createHash } from 'node:crypto'
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { run } from '../run.mjs'
import { Unavailable } from './unavailable.mjs'

const pom = fileURLToPath(new URL('kafka-pom.xml', import.meta.url))

/** Named by what the pom says, so that another version is fetched anew. */
const name = `kafka-${createHash('sha256').update(readFileSync(pom)).digest('hex').slice(0, 12)}`

/**
 * The folder of Kafka's jars, fetched from Maven Central at the first time. It lies in the user's cache folder, so
 * that the next clone finds them; where that cannot be written, in `fallback`.
 *
 * @param {string} fallback absolute
 * @param {(line: string) => void} report
 */
export async function kafkaJars(fallback, report) {
  const target = jarsFolder(fallback)
  if (existsSync(target)) {
    return target
  }
  report('fetching Kafka from Maven Central …')
  const work = mkdtempSync(`${target}-`)
  try {
    const { code, output } = await run(
      'mvn',
      [
        ...['--batch-mode', '--no-transfer-progress', '--file', pom, 'dependency:copy-dependencies'],
        ...['-DincludeScope=runtime', `-DoutputDirectory=${work}`],
      ],
      { timeout: 600_000 },
    )
    if (code !== 0) {
      throw new Unavailable(
        `Maven could not fetch Kafka:\n${output.trimEnd().split('\n').slice(-15).join('\n')}`,
      )
    }
    // Whoever comes second keeps what is there.
    if (!existsSync(target)) {
      renameSync(work, target)
    }
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
  return target
}

/** Must Kafka be fetched, and is there no Maven for it? @param {string} fallback */
export const needsMaven = async (fallback) =>
  !existsSync(jarsFolder(fallback)) && (await run('mvn', ['--version'])).code !== 0

/** @param {string} fallback */
function jarsFolder(fallback) {
  const shared = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'andon')
  return join(isWritable(shared) ? shared : fallback, name)
}

/** @param {string} folder */
function isWritable(folder) {
  try {
    mkdirSync(folder, { recursive: true })
    accessSync(folder, constants.W_OK)
    return true
  } catch {
    return false
  }
}

import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { mustRun } from '../run.mjs'

const pom = fileURLToPath(new URL('kafka-pom.xml', import.meta.url))

/** Kafka's version is in the pom, too; the folder is named by it so that another version is fetched anew. */
const name = 'kafka-4.1.1-a'

/**
 * The folder of Kafka's jars, fetched from Maven Central at the first time. It lies in the user's cache folder, so
 * that the next clone finds them; where that cannot be written, in `fallback`.
 *
 * @param {string} fallback absolute
 * @param {(line: string) => void} report
 */
export async function kafkaJars(fallback, report) {
  const target = join(cacheFolder(fallback), name)
  if (existsSync(target)) {
    return target
  }
  report('fetching Kafka from Maven Central …')
  const work = mkdtempSync(join(dirname(target), `${name}-`))
  try {
    await mustRun(
      'mvn',
      [
        '--batch-mode',
        '--no-transfer-progress',
        '--file',
        pom,
        'dependency:copy-dependencies',
        '-DincludeScope=runtime',
        `-DoutputDirectory=${work}`,
      ],
      { timeout: 300_000 },
    )
    // Whoever comes second keeps what is there.
    if (!existsSync(target)) {
      renameSync(work, target)
    }
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
  return target
}

/** @param {string} fallback */
function cacheFolder(fallback) {
  const folder = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'andon')
  for (const candidate of [folder, fallback]) {
    try {
      mkdirSync(candidate, { recursive: true })
      rmSync(mkdtempSync(join(candidate, 'probe-')), { recursive: true })
      return candidate
    } catch {
      // Next.
    }
  }
  throw new Error(`Neither ${folder} nor ${fallback} can be written.`)
}

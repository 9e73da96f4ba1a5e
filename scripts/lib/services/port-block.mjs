import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { tryLock } from './lock.mjs'
import { serviceNames } from './names.mjs'
import { candidateBases, inTheWay, portsFrom } from './ports.mjs'
import { readJson, readState, writeJson } from './state.mjs'

/**
 * @typedef {object} PortBlock
 * @property {number} base
 * @property {() => void} free to be called when the servers hold the ports themselves
 */

/**
 * The block of ports for a set of servers: the one it has, the one that is asked for, or the first that is free.
 *
 * @param {string} set folder
 * @param {number | undefined} asked
 * @param {(line: string) => void} report
 * @returns {Promise<PortBlock>}
 */
export async function portBlock(set, asked, report) {
  const has = baseOf(set)
  if (has !== undefined && asked !== undefined && asked !== has) {
    throw new Error(hasOtherPorts(set, has))
  }
  const only = has ?? asked
  for (const base of only === undefined ? candidateBases() : [only]) {
    const free = await tryLock(`ports ${base}`)
    const obstacles =
      free === undefined ? ['Other servers are being started there.'] : await obstaclesAt(base, set)
    if (free !== undefined && (obstacles.length === 0 || has !== undefined)) {
      writeJson(reservation(base), { set })
      return { base, free }
    }
    free?.()
    const where = `Ports ${base} to ${base + 9}: ${obstacles.join(' ')}`
    if (only !== undefined) {
      throw new Error(`${where} Choose others with --port-base.`)
    }
    report(`${where} Trying the next.`)
  }
  throw new Error('No block of ten ports is free. Choose one with --port-base.')
}

/** @param {string} set @param {number} base */
export const hasOtherPorts = (set, base) =>
  `the servers in ${set} have the ports from ${base} on; stop them before you move them`

/** The block that a set has while something of it was started and not stopped. @param {string} set */
function baseOf(set) {
  return serviceNames.map((name) => readState(join(set, name))?.portBase).find((base) => base !== undefined)
}

/** @param {number} base @param {string} set */
async function obstaclesAt(base, set) {
  const obstacles = await inTheWay(portsFrom(base))
  const owner = readJson(reservation(base))?.set
  // A set whose servers were killed, to be started again, keeps its ports.
  return owner !== undefined && owner !== set && baseOf(owner) === base
    ? [...obstacles, `They belong to the servers in ${owner}.`]
    : obstacles
}

/** Among the sets of one user: another one's notes could not be written. @param {number} base */
const reservation = (base) => join(tmpdir(), `andon-services-${process.getuid?.() ?? 0}`, `${base}.json`)

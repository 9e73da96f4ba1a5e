import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { tryLock } from './lock.mjs'
import { serviceNames } from './names.mjs'
import { candidateBases, inTheWay, portsFrom, portsOf } from './ports.mjs'
import { readJson, readState, writeJson } from './state.mjs'

/**
 * @typedef {object} PortBlock
 * @property {number} base
 * @property {() => void} free to be called when the servers hold the ports themselves
 */

/**
 * The block of ports for servers of a set that are to be started: the one the set has, the one that is asked for, or
 * the first that is free.
 *
 * @param {string} set folder
 * @param {readonly import('./names.mjs').ServiceName[]} names
 * @param {number | undefined} asked
 * @param {(line: string) => void} report
 * @returns {Promise<PortBlock>}
 */
export async function portBlock(set, names, asked, report) {
  const has = baseOf(set)
  if (has !== undefined) {
    if (asked !== undefined && asked !== has) {
      throw new Error(hasOtherPorts(set, has))
    }
    const obstacles = await inTheWay(names.flatMap((name) => portsOf(name, portsFrom(has))))
    if (obstacles.length > 0) {
      throw new Error(
        `${obstacles.join(' ')} Stop that, or stop all servers in ${set} so that they can move.`,
      )
    }
    // Nobody else takes them.
    return { base: has, free: () => undefined }
  }
  for (const base of asked === undefined ? candidateBases() : [asked]) {
    const free = await tryLock(`ports ${base}`)
    const obstacles =
      free === undefined ? ['Other servers are being started there.'] : await obstaclesAt(base, set)
    if (free !== undefined && obstacles.length === 0) {
      writeJson(reservation(base), { set })
      return { base, free }
    }
    free?.()
    const where = `Ports ${base} to ${base + 9}: ${obstacles.join(' ')}`
    if (asked !== undefined) {
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
  const obstacles = await inTheWay(Object.values(portsFrom(base)))
  const owner = readJson(reservation(base))?.set
  // A set whose servers were killed, to be started again, keeps its ports.
  return owner !== undefined && owner !== set && baseOf(owner) === base
    ? [...obstacles, `They belong to the servers in ${owner}.`]
    : obstacles
}

/** Among the sets of one user: another one's notes could not be written. @param {number} base */
const reservation = (base) => join(tmpdir(), `andon-services-${process.getuid?.() ?? 0}`, `${base}.json`)

import { existsSync, realpathSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { inRoot } from './root.mjs'
import { ownAddresses } from './services/addresses.mjs'
import { bringUp } from './services/bring-up.mjs'
import { given, variables } from './services/given.mjs'
import { alone } from './services/lock.mjs'
import { serviceNames } from './services/names.mjs'
import { portsFrom } from './services/ports.mjs'
import { probe } from './services/probe.mjs'
import { forgetState, readJson, readState, writeJson } from './services/state.mjs'
import { Unavailable } from './services/unavailable.mjs'
import { ways } from './services/way.mjs'

/**
 * @typedef {import('./services/names.mjs').ServiceName} ServiceName
 * @typedef {import('./services/addresses.mjs').Addresses} Addresses
 *
 * @typedef {object} ServicesOptions
 * @property {string} [folder] for data, logs and addresses.json; `.services` in the repository when absent
 * @property {number} [portBase] first of the ten ports of the set; the first free block when absent
 * @property {boolean} [bench] settings for long-run speed rather than for a short start
 * @property {(line: string) => void} [report] says what takes time
 * @property {NodeJS.ProcessEnv} [environment] may give addresses; that of this process when absent
 *
 * @typedef {object} Status
 * @property {'up' | 'silent' | 'ended' | 'down'} state `silent`: there, but does not answer as it should; `ended`: was
 *   started, and not stopped, but runs no more
 * @property {'given' | 'compose' | 'native'} [way]
 * @property {Addresses[ServiceName]} [address]
 * @property {string} [problem] what is wrong with one that is silent
 * @property {number} [pid]
 */

/** Some servers did not come up. The others did, and `addresses` has them. */
export class ServicesFailed extends Error {
  /** @override */
  name = 'ServicesFailed'

  /**
   * @param {ReadonlyMap<ServiceName, unknown>} failures
   * @param {Addresses} addresses
   */
  constructor(failures, addresses) {
    const lines = [...failures].map(([name, why]) => `${name}: ${why instanceof Error ? why.message : why}`)
    super(lines.join('\n'))
    this.failures = failures
    this.addresses = addresses
    /** That they cannot be had on this machine is all that is wrong. */
    this.unavailable = [...failures.values()].every((why) => why instanceof Unavailable)
  }
}

/**
 * A set of real servers for tests and benchmarks that outlive this process. Sets in different folders live side by
 * side. Where the environment gives an address (ANDON_KAFKA, ANDON_RABBITMQ, ANDON_POSTGRES), that server is used and
 * none is started.
 *
 * @param {ServicesOptions} [options]
 */
export function services({
  folder = inRoot('.services'),
  portBase,
  bench = false,
  report = () => {},
  environment = process.env,
} = {}) {
  const set = resolve(folder)
  const addressFile = join(set, 'addresses.json')
  const folderOf = (/** @type {ServiceName} */ name) => join(set, name)
  /** @type {Set<ServiceName>} */
  const startedHere = new Set()

  /**
   * Brings servers up, quickly those that are up already, and notes in addresses.json where its own are.
   *
   * @param {readonly ServiceName[]} [names] all when absent
   * @returns {Promise<Addresses>} of these servers
   * @throws {ServicesFailed} when not all came up
   */
  const up = (names = serviceNames) =>
    alone(set, async () => {
      const theirs = names.filter((name) => given(name, environment) !== undefined)
      const own = names.filter((name) => !theirs.includes(name))
      const [checked, brought] = await Promise.all([
        Promise.allSettled(theirs.map((name) => answering(name, given(name, environment)))),
        bringUp(own, { set, portBase, bench, report }),
      ])
      /** @type {Addresses} */
      const addresses = {}
      /** @type {Map<ServiceName, unknown>} */
      const failures = new Map()
      const results = [...checked, ...brought]
      for (const [index, name] of [...theirs, ...own].entries()) {
        const result = results[index]
        if (result?.status === 'fulfilled') {
          Object.assign(addresses, result.value.addresses)
          if (result.value.started) {
            startedHere.add(name)
          }
        } else {
          failures.set(name, result?.reason)
        }
      }
      // What was given may hold a password of someone's: it stays in the environment.
      note(
        names,
        Object.fromEntries(own.flatMap((name) => (name in addresses ? [[name, addresses[name]]] : []))),
      )
      if (failures.size > 0) {
        throw new ServicesFailed(failures, addresses)
      }
      return addresses
    })

  /**
   * Stops what was started for this set, by whatever process, and nothing else.
   *
   * @param {readonly ServiceName[]} [names] all when absent
   * @param {{ readonly purge?: boolean }} [how] `purge`: their data, too; logs stay
   * @returns {Promise<ServiceName[]>} those that there were
   */
  const down = (names = serviceNames, { purge = false } = {}) =>
    alone(set, async () => {
      const known = await Promise.all(names.map((name) => stop(name, folderOf(name), purge)))
      note(names, {})
      return names.filter((_, index) => known[index])
    })

  /** @param {ServiceName} name @returns {Promise<Status>} */
  async function statusOf(name) {
    const theirs = given(name, environment)
    if (theirs !== undefined) {
      return { ...(await answer(name, theirs)), way: 'given' }
    }
    const state = readState(folderOf(name))
    if (state === undefined) {
      return { state: 'down' }
    }
    const { way, portBase: base, ca, processes } = state
    const pid = processes.at(-1)?.pid
    const common = { way, ...(pid === undefined ? {} : { pid }) }
    return (await ways[way].isRunning(name, state, folderOf(name)))
      ? { ...(await answer(name, ownAddresses(portsFrom(base), ca)[name])), ...common }
      : { state: 'ended', ...common }
  }

  /**
   * Sends a signal to a server of this set. SIGKILL, SIGSTOP and SIGCONT go to all of its processes, as when its
   * machine dies or hangs. After a SIGKILL all of them have ended; `up` starts it again on the same data.
   *
   * @param {ServiceName} name
   * @param {NodeJS.Signals} signal
   */
  async function kill(name, signal) {
    const state = readState(folderOf(name))
    if (state === undefined) {
      throw new Error(`${name} was not started in ${set}.`)
    }
    await ways[state.way].kill(name, state, signal, folderOf(name))
  }

  /** Keeps addresses.json right for these servers. @param {readonly ServiceName[]} names @param {Addresses} found */
  function note(names, found) {
    const others = Object.entries(readJson(addressFile) ?? {}).filter(
      ([name]) => !names.some((n) => n === name),
    )
    writeJson(addressFile, { ...Object.fromEntries(others), ...found })
  }

  return {
    up,
    down,
    kill,
    /** What this object has started and not only found. */
    startedHere,
    /** @param {readonly ServiceName[]} [names] all when absent */
    status: async (names = serviceNames) =>
      new Map(
        await Promise.all(names.map(async (name) => /** @type {const} */ ([name, await statusOf(name)]))),
      ),
  }
}

/**
 * A server that the environment names has to be there.
 *
 * @param {ServiceName} name
 * @param {Addresses[ServiceName]} theirs
 */
async function answering(name, theirs) {
  const { state, problem, address } = await answer(name, theirs)
  if (state !== 'up') {
    throw new Error(`${variables[name]} is set, but what it names does not answer as it should: ${problem}`)
  }
  return { addresses: { [name]: address }, started: false }
}

/**
 * @param {ServiceName} name
 * @param {Addresses[ServiceName]} address
 * @returns {Promise<Status>}
 */
async function answer(name, address) {
  const problem = await probe(name, { [name]: address })
  return problem === undefined ? { state: 'up', address } : { state: 'silent', address, problem }
}

/** @param {ServiceName} name @param {string} folder @param {boolean} purge */
async function stop(name, folder, purge) {
  const state = readState(folder)
  if (state !== undefined) {
    await ways[state.way].stop(name, state, folder)
    forgetState(folder)
    if (purge) {
      await ways[state.way].purge(name, state, folder)
    }
  }
  if (purge) {
    const data = join(folder, 'data')
    // PostgreSQL's may be a link.
    for (const place of existsSync(data) ? [realpathSync(data), data] : []) {
      rmSync(place, { recursive: true, force: true })
    }
  }
  return state !== undefined
}

import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { ownAddresses } from './addresses.mjs'
import { hasOtherPorts, portBlock } from './port-block.mjs'
import { portsFrom } from './ports.mjs'
import { probe } from './probe.mjs'
import { forgetState, readState, writeState } from './state.mjs'
import { wayOfThisMachine, ways } from './way.mjs'

/** A first start on a busy machine; usually it is seconds. */
const patience = 120_000
const newsEvery = 10_000

/**
 * @typedef {import('./names.mjs').ServiceName} ServiceName
 * @typedef {import('./addresses.mjs').Addresses} Addresses
 * @typedef {import('./state.mjs').State} State
 * @typedef {(line: string) => void} Report
 *
 * @typedef {object} SetOptions
 * @property {string} set absolute folder
 * @property {number | undefined} portBase
 * @property {boolean} bench
 * @property {Report} report
 *
 * @typedef {object} Brought
 * @property {Addresses} addresses
 * @property {boolean} started whether it was down before
 */

/**
 * Brings servers of a set up, quickly those that are up already, and waits until they work. The servers do not wait
 * for each other. One at a time may do so for a set.
 *
 * @param {readonly ServiceName[]} names
 * @param {SetOptions} options
 * @returns {Promise<PromiseSettledResult<Brought>[]>} for each name
 */
export async function bringUp(names, options) {
  const { set, portBase, bench, report } = options
  const folderOf = (/** @type {ServiceName} */ name) => join(set, name)
  const running = await Promise.all(names.map((name) => runs(name, folderOf(name))))
  const down = names.filter((_, index) => running[index] !== true)
  if (down.length === 0) {
    return await Promise.allSettled(names.map((name) => look(name, folderOf(name), options)))
  }
  const block = await portBlock(set, down, portBase, report)
  try {
    const way = await wayOfThisMachine(names.map((name) => readState(folderOf(name))?.way))
    const installed = await way.install(down, folderOf, report)
    return await Promise.allSettled(
      names.map(async (name) => {
        const folder = folderOf(name)
        if (!down.includes(name)) {
          return await look(name, folder, options)
        }
        await installed[down.indexOf(name)]
        const line = (/** @type {string} */ text) => report(`${name}: ${text}`)
        line('starting …')
        const ports = portsFrom(block.base)
        const already = readState(folder)?.processes ?? []
        const started = await way.start(name, { set, folder, ports, bench, report: line, running: already })
        const state = { way: way.name, portBase: block.base, bench, ...started }
        writeState(folder, state)
        const addresses = await untilReady(name, folder, state, line)
        await way.afterReady(name, state, folder)
        return { addresses, started: true }
      }),
    )
  } finally {
    block.free()
  }
}

/** @param {ServiceName} name @param {string} folder */
async function runs(name, folder) {
  const state = readState(folder)
  return state !== undefined && (await ways[state.way].isRunning(name, state, folder))
}

/**
 * One that runs already.
 *
 * @param {ServiceName} name
 * @param {string} folder
 * @param {SetOptions} options
 */
async function look(name, folder, { set, portBase, bench, report }) {
  const state = readState(folder)
  if (state === undefined) {
    throw new Error('it was stopped by someone else')
  }
  if (bench && !state.bench) {
    throw new Error('it runs with the settings for tests; stop it first')
  }
  if (portBase !== undefined && portBase !== state.portBase) {
    throw new Error(hasOtherPorts(set, state.portBase))
  }
  const addresses = await untilReady(name, folder, state, (text) => report(`${name}: ${text}`))
  return { addresses, started: false }
}

/**
 * Waits until a server that was started works. One that does not is stopped, and forgotten.
 *
 * @param {ServiceName} name
 * @param {string} folder
 * @param {State} state
 * @param {Report} report
 * @returns {Promise<Addresses>} of this server
 */
export async function untilReady(name, folder, state, report) {
  const way = ways[state.way]
  const addresses = ownAddresses(portsFrom(state.portBase), state.ca)
  const since = performance.now()
  let nextNews = newsEvery
  for (;;) {
    const problem = await probe(name, addresses)
    const running = await way.isRunning(name, state, folder)
    if (problem === undefined && running) {
      return { [name]: addresses[name] }
    }
    const waited = performance.now() - since
    if (!running || waited > patience) {
      const words = await way.lastWords(name, folder)
      await way.stop(name, state, folder)
      forgetState(folder)
      const what = running ? `no answer after ${patience / 1000} s (${problem})` : 'it ended by itself'
      throw new Error(`${what}\n${words}`)
    }
    if (waited > nextNews) {
      report(`waiting for ${Math.round(waited / 1000)} s (${problem}) …`)
      nextNews += newsEvery
    }
    await sleep(100)
  }
}

import { compose, composeAnswers } from './compose.mjs'
import { nativeWay } from './native.mjs'

/**
 * One way to have servers on this machine.
 *
 * @typedef {object} Way
 * @property {'compose' | 'native'} name
 * @property {(names: readonly ServiceName[], folderOf: (name: ServiceName) => string, report: Report) => Promise<(Promise<void> | undefined)[]>} install
 *   what is missing: for each name when it is there, or undefined when it is already; rejects with Unavailable when it
 *   cannot be had
 * @property {(name: ServiceName, place: Place) => Promise<Started>} start but not wait until it is ready
 * @property {(name: ServiceName, state: State, folder: string) => Promise<void>} afterReady
 * @property {(name: ServiceName, state: State, folder: string) => Promise<boolean>} isRunning
 * @property {(name: ServiceName, state: State, signal: NodeJS.Signals, folder: string) => Promise<void>} kill
 *   for SIGKILL also waits until it has ended
 * @property {(name: ServiceName, state: State, folder: string) => Promise<void>} stop properly, and by force if need be
 * @property {(name: ServiceName, state: State, folder: string) => Promise<void>} purge what is not in the folder
 * @property {(name: ServiceName, folder: string) => Promise<string>} lastWords the end of its log
 *
 * @typedef {import('./names.mjs').ServiceName} ServiceName
 * @typedef {import('./state.mjs').State} State
 * @typedef {(line: string) => void} Report
 *
 * @typedef {object} Place
 * @property {string} set absolute folder of the set of servers
 * @property {string} folder absolute, of this server
 * @property {import('./ports.mjs').Ports} ports
 * @property {boolean} bench
 * @property {Report} report
 * @property {readonly import('./processes.mjs').StartedProcess[]} running what of it may run already
 * @property {import('./rabbitmq-native.mjs').ClusterNode} [cluster] a RabbitMQ that is one of several, natively only
 *
 * @typedef {object} Started
 * @property {readonly import('./processes.mjs').StartedProcess[]} processes the server last
 * @property {string} [ca] certificate to trust
 */

/** @type {Record<Way['name'], Way>} */
export const ways = { compose, native: nativeWay }

/**
 * The way in which servers of the set were started before; otherwise Docker where its engine answers, and processes
 * of this machine where not.
 *
 * @param {readonly (Way['name'] | undefined)[]} before
 */
export async function wayOfThisMachine(before) {
  const known = before.find((name) => name !== undefined)
  if (known !== undefined) {
    return ways[known]
  }
  return (await composeAnswers()) ? compose : nativeWay
}

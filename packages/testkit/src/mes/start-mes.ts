import * as z from 'zod'
import { checkedOptions } from '../options.js'
import { deedOf, openFloor, type PlantDeed, type PlantState, stateOf } from '../plant/floor.js'
import { type FloorSetup, floorSetup } from '../plant/floor-setup.js'
import {
  type Simulator,
  type SimulatorOptions,
  simulatorSchema,
  startSimulator,
} from '../simulator/start-simulator.js'
import { admission, admissionSchema, type MesAdmission } from './admission.js'
import { alarmFeed, alarmSchema, type MesAlarm } from './alarm-feed.js'
import { basePath, mesSystem } from './mes-system.js'

export interface MesOptions extends FloorSetup, SimulatorOptions {
  /** Who is let in; everybody when absent. */
  readonly auth?: MesAdmission
  /** Operations of the contract that this MES does not have. */
  readonly without?: readonly string[]
  /** How many alarms are kept; default 10,000. */
  readonly alarmHistory?: number
}

/** A running MES that keeps the published contract. */
export interface Mes extends Omit<Simulator, 'url'> {
  /** Of the contract, e.g. `http://127.0.0.1:40123/andon/v1`. */
  readonly url: string
  /** Where tokens are given out; there is nothing when `auth.oauth` is absent. */
  readonly tokenUrl: string
  /** The floor as its own people use it: the routes of `startPlant`, without a token. */
  readonly terminalUrl: string
  state(): PlantState
  /** What the floor itself counted of an action id; undefined when it never came. */
  deed(actionId: string): PlantDeed | undefined
  /** An alarm changes. */
  raise(alarm: MesAlarm): void
  /** How many alarms were handed out. */
  readonly alarmsTold: number
  /** How many tokens were given out. */
  readonly tokensIssued: number
  /** The next `count` writes are acknowledged and not done. */
  deceive(count: number): void
}

const optionsSchema = floorSetup.extend({
  ...simulatorSchema.shape,
  auth: admissionSchema.optional(),
  without: z.array(z.string().min(1)).readonly().default([]),
  alarmHistory: z.int().min(1).max(1_000_000).default(10_000),
})

/**
 * Starts an MES on the loopback interface that answers the published contract `andon-mes/1` of `@andon/connector-mes`
 * out of the same floor as `startPlant`: its rules, its limits, its genealogy, its count of what took effect. It checks
 * what is asked against the contract, lets in whoever `auth` names, and meets faults at any request.
 *
 * @throws AndonError OPTIONS_INVALID naming the option, also when the port is taken
 */
export async function startMes(options: MesOptions = {}): Promise<Mes> {
  const checked = checkedOptions(optionsSchema, options)
  const { port, seed, faults, clock, requestLog, echo, auth, without, alarmHistory, ...setup } = checked
  const floor = openFloor(setup)
  const feed = alarmFeed(clock, alarmHistory)
  const admitted = admission(auth)
  let deceptions = 0
  const deceives = (): boolean => {
    if (deceptions === 0) return false
    deceptions -= 1
    return true
  }
  const has = (operation: string): boolean => !without.includes(operation)
  const system = mesSystem({ floor, feed, admission: admitted, has, deceives })
  const simulator = await startSimulator(system, {
    ...{ port, seed, clock, requestLog, echo },
    ...(faults && { faults }),
  })
  const { url: terminalUrl } = simulator
  return {
    url: `${terminalUrl}${basePath}`,
    tokenUrl: `${terminalUrl}/oauth/token`,
    terminalUrl,
    port: simulator.port,
    faults: simulator.faults,
    requests: simulator.requests,
    get requestCount() {
      return simulator.requestCount
    },
    close: () => simulator.close(),
    state: () => stateOf(floor),
    deed(actionId) {
      const kept = floor.deeds.get(actionId)
      return kept === undefined ? undefined : structuredClone(deedOf(floor, kept))
    },
    raise: (alarm) => feed.add(checkedOptions(alarmSchema, alarm)),
    get alarmsTold() {
      return feed.told
    },
    get tokensIssued() {
      return admitted.oauth?.issued ?? 0
    },
    deceive(count) {
      deceptions += count
    },
  }
}

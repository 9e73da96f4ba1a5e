import { availableParallelism } from 'node:os'
import * as z from 'zod'
import type { VerificationPlan } from './action/effect-tests.js'
import { checkKind } from './action/kinds/check-kind.js'
import type { ActionKind } from './action/kinds/kind.js'
import { kindTable } from './action/kinds/kinds.js'
import { type Mode, modes } from './action/policy/limits.js'
import { type Phase, phases } from './action/policy/phase.js'
import type { Policy } from './action/policy/policy.js'
import type { PolicyDocument } from './action/policy/policy-document.js'
import type { Channel } from './channel/channel.js'
import type { Bus } from './connector/bus.js'
import type { Clock } from './connector/clock.js'
import type { Detector } from './connector/detector.js'
import type { Judge } from './connector/judge.js'
import type { Logger } from './connector/logger.js'
import type { MetricSource } from './connector/metric-source.js'
import { isPartitioned } from './connector/partitioned-bus.js'
import type { Sink } from './connector/sink.js'
import type { Source } from './connector/source.js'
import type { Store } from './connector/store.js'
import type { Target } from './connector/target.js'
import type { Delivery } from './engine/actuation/actuation.js'
import { hostTarget, targetFor } from './engine/propose.js'
import { stageOf } from './engine/worker/stage-of.js'
import { AndonError } from './errors/index.js'
import { parseOptions } from './options.js'
import { type Rule, type StageName, stageNames } from './rule/ast.js'

/** What `createAndon` takes. Everything but `channels` has a default. */
export interface AndonOptions {
  /** Channel parsers, e.g. `standardChannels()` of `@andon/channels`. */
  readonly channels: readonly Channel[]
  readonly rules?: readonly Rule[]
  readonly detectors?: readonly Detector[]
  /** By the name that rules use after ON. */
  readonly targets?: Readonly<Record<string, Target>>
  /** By the name that feedback carries as its source. */
  readonly sources?: Readonly<Record<string, Source>>
  /**
   * Where everything that happens to signals and actions goes as CloudEvents, at least once and in order. How far each
   * got is kept by its name; one with a new name gets all that the audit log holds.
   */
  readonly sinks?: Readonly<Record<string, Sink>>
  /** Default: an embedded store in `data`. */
  readonly store?: Store
  /** Folder of the embedded store; default `.andon`. */
  readonly data?: string
  /**
   * Makes this process one of many workers: feedback goes over the bus, each worker analyses a share of it. Needs a
   * bus with partitions and a store that processes share, e.g. `@andon/connector-kafka` and `@andon/store-postgres`.
   */
  readonly bus?: Bus
  /** Whose rules a worker runs; default `quality`, where rules that name no stage are, too. Without a bus: all run here. */
  readonly stage?: StageName
  readonly stream?: StreamTopics
  /** How far Andon may go by itself; default `advise`. */
  readonly mode?: Mode
  /** Decides per action instead of `mode`: data, or a function of your own. */
  readonly policy?: Policy | PolicyDocument
  /** Where the roll-out of product lines begins, by line; it goes on by `andon.phases`. */
  readonly phases?: Readonly<Record<string, Phase>>
  /** Kinds of action beyond the ten built in. */
  readonly kinds?: readonly ActionKind[]
  /** Tenant of payloads that name none; default `default`. */
  readonly tenant?: string
  /** Key of the pseudonyms in `customerRef`; default: one made at random and kept in the store. */
  readonly customerKey?: string
  readonly clock?: Clock
  /** Any pino-like object; default: silence. */
  readonly logger?: Logger
  readonly retention?: {
    /** How long raw feedback is kept; default 7 days. Hourly counts are kept for ever. */
    readonly rawDays?: number
  }
  readonly limits?: AndonLimits
  /** How single targets are spoken to, by name; what is absent is as in `limits`. */
  readonly delivery?: Readonly<Record<string, Partial<Delivery>>>
  /** How effects are judged where the policy names no tests; default: complaints of a day, after an hour, half as many. */
  readonly verification?: Partial<VerificationPlan>
  /** Gives the verdicts; default: a ratio of rates with an exact test against chance. */
  readonly judge?: Judge
  /** Measures in the line what effect tests name beside the complaint rate. */
  readonly metrics?: MetricSource
}

/** Over which topics of a bus feedback goes, a topic for each category: `feedback.<category>`. */
export interface StreamTopics {
  /** By category, which `productCategory` values belong to it. */
  readonly categories?: Readonly<Record<string, readonly string[]>>
  /** The category of all others; default `appliance`. */
  readonly otherwise?: string
}

export interface AndonLimits {
  /** Larger payloads are quarantined; default 1 MiB. */
  readonly maxPayloadBytes?: number
  /** Payloads waiting for the disk; default 100,000. */
  readonly maxPending?: number
  /** Groups that one rule keeps, of a worker in each partition; default 100,000. */
  readonly maxGroupsPerRule?: number
  /** Entries that one group's window keeps; default 10,000. */
  readonly maxEntriesPerGroup?: number
  /** Journal entries between two snapshots; default 200,000. */
  readonly snapshotEvery?: number
  /** Threads that read large batches beside the event loop; default: one per core, at most 4. 0: none. */
  readonly readers?: number
  /** Actions in flight per target; default 8. */
  readonly concurrency?: number
  /** Deadline of one try of an action; default 10,000. */
  readonly actionTimeoutMs?: number
  /** Tries before an action is dead; default 8. */
  readonly maxAttempts?: number
}

/** Complaints by the hour of a longer time are not kept (ms): 92 days. */
const longestWindow = 92 * 86_400_000
const whole = (from: number, to: number, fallback: number) => z.int().min(from).max(to).default(fallback)
const object = z.custom<object>((value) => typeof value === 'object' && value !== null, 'must be an object')
const category = z.string().regex(/^[a-z0-9-]{1,60}$/, 'must be 1 to 60 of a-z, 0-9 and -')
const policy = z.custom<object>(
  (value) => typeof value === 'function' || (typeof value === 'object' && value !== null),
  'must be a policy document or a function',
)

const schema = z.strictObject({
  channels: z.array(object).min(1, 'at least one channel is needed'),
  rules: z.array(object).default([]),
  detectors: z.array(object).default([]),
  targets: z.record(z.string().min(1), object).default({}),
  sources: z.record(z.string().min(1), object).default({}),
  sinks: z.record(z.string().min(1).max(100), object).default({}),
  store: object.optional(),
  data: z.string().min(1).default('.andon'),
  bus: object.optional(),
  stage: z.enum(stageNames).default('quality'),
  stream: z
    .strictObject({
      categories: z.record(category, z.array(z.string().min(1).max(200))).default({}),
      otherwise: category.default('appliance'),
    })
    .prefault({}),
  mode: z.enum(modes).default('advise'),
  policy: policy.optional(),
  phases: z.record(z.string().min(1), z.enum(phases)).default({}),
  judge: z.custom<object>((value) => typeof value === 'function', 'must be a function').optional(),
  metrics: z
    .custom<object>(
      (value) => typeof value === 'object' && value !== null && 'measure' in value,
      'needs measure()',
    )
    .optional(),
  kinds: z.array(object).default([]),
  tenant: z.string().min(1).max(200).default('default'),
  customerKey: z.string().min(16, 'needs at least 16 characters').optional(),
  clock: object.optional(),
  logger: object.optional(),
  retention: z.strictObject({ rawDays: z.number().positive().default(7) }).default({ rawDays: 7 }),
  limits: z
    .strictObject({
      maxPayloadBytes: whole(1024, 1 << 30, 1 << 20),
      maxPending: whole(1, 10_000_000, 100_000),
      maxGroupsPerRule: whole(1, 10_000_000, 100_000),
      maxEntriesPerGroup: whole(10, 10_000_000, 10_000),
      snapshotEvery: whole(1, 100_000_000, 200_000),
      readers: whole(0, 64, Math.min(4, availableParallelism())),
      concurrency: whole(1, 1000, 8),
      actionTimeoutMs: whole(1, 3_600_000, 10_000),
      maxAttempts: whole(1, 1000, 8),
    })
    .prefault({}),
  delivery: z
    .record(
      z.string().min(1),
      z.strictObject({
        concurrency: z.int().min(1).max(1000).optional(),
        perSecond: z.number().min(1).max(100_000).optional(),
        timeoutMs: z.int().min(1).max(3_600_000).optional(),
        maxAttempts: z.int().min(1).max(1000).optional(),
      }),
    )
    .default({}),
  verification: z
    .strictObject({
      settleMs: z.number().min(0).default(3_600_000),
      windowMs: z.number().positive().max(longestWindow).default(86_400_000),
      minimumEffect: z.number().min(0).max(1).default(0.5),
    })
    .prefault({}),
})

export type CheckedOptions = Pick<
  z.output<typeof schema>,
  | 'data'
  | 'stage'
  | 'stream'
  | 'mode'
  | 'tenant'
  | 'customerKey'
  | 'retention'
  | 'limits'
  | 'delivery'
  | 'verification'
>

/** How a target is spoken to: its own delivery, else the limits for all. */
export function deliveryOf({ limits, delivery }: CheckedOptions, target: string): Delivery {
  const { perSecond, ...own } = delivery[target] ?? {}
  return {
    concurrency: own.concurrency ?? limits.concurrency,
    timeoutMs: own.timeoutMs ?? limits.actionTimeoutMs,
    maxAttempts: own.maxAttempts ?? limits.maxAttempts,
    ...(perSecond === undefined ? {} : { perSecond }),
  }
}

/**
 * Checks options and plugins before any I/O.
 *
 * @throws AndonError OPTIONS_INVALID, PLUGIN_INVALID
 */
export function checkOptions(options: AndonOptions): CheckedOptions {
  const checked = parseOptions(schema, options, 'createAndon')
  for (const [name, target] of Object.entries(options.targets ?? {})) {
    if (name === hostTarget) invalid('targets', `the name "${hostTarget}" is taken`)
    checkPlugin('target', name, target, ['execute', 'check'])
    if (!Array.isArray(target.handles)) refuse('target', name, 'handles is not a list of action kinds')
  }
  for (const [name, source] of Object.entries(options.sources ?? {})) {
    checkPlugin('source', name, source, ['receive'])
  }
  for (const [name, sink] of Object.entries(options.sinks ?? {})) {
    checkPlugin('sink', name, sink, ['publish'])
  }
  for (const name of Object.keys(checked.delivery)) {
    if (options.targets?.[name] === undefined) invalid('delivery', `there is no target "${name}"`)
  }
  if (options.store !== undefined)
    checkPlugin('store', options.store.name, options.store, ['open', 'transaction'])
  checkShared(options)
  for (const detector of options.detectors ?? []) {
    checkPlugin('detector', detector.name, detector, ['init', 'observe'])
  }
  const kinds = new Set<string>()
  for (const kind of options.kinds ?? []) {
    checkKind(kind, 'createAndon.kinds')
    if (kinds.has(kind.name)) invalid('kinds', `two kinds are called "${kind.name}"`)
    kinds.add(kind.name)
  }
  checkRules(options)
  return checked
}

function checkShared({ bus, store, stage, rules = [] }: AndonOptions): void {
  if (bus === undefined) {
    if (stage !== undefined)
      invalid('stage', 'only a worker with a bus has a stage; without one all rules run')
    return
  }
  checkPlugin('bus', bus.name, bus, ['publish', 'consume'])
  if (!isPartitioned(bus)) invalid('bus', `${bus.name} has no partitions that workers could share`)
  if (store?.shared === undefined) invalid('store', 'a bus needs a store that several processes can share')
  const stages = new Map(rules.map((rule) => [rule.name, stageOf(rule)]))
  for (const rule of rules) {
    const other = rule.inhibitedBy?.find((name) => stages.get(name) !== stageOf(rule))
    if (other !== undefined)
      invalid('rules', `rule "${rule.name}" is INHIBITED BY "${other}", whose stage other workers run`)
  }
}

/**
 * A rule must find its action kinds and targets when Andon is made, not when the fridge burns.
 *
 * @throws AndonError OPTIONS_INVALID
 */
export function checkRules({
  rules = [],
  targets = {},
  kinds = [],
}: Pick<AndonOptions, 'rules' | 'targets' | 'kinds'>): void {
  const known = kindTable(kinds)
  const names = new Set<string>()
  checkInhibitors(rules)
  for (const { name, actions } of rules) {
    if (names.has(name)) invalid('rules', `two rules are called "${name}"`)
    names.add(name)
    for (const { kind, target } of actions) {
      if (!known.has(kind)) invalid('rules', `rule "${name}" asks for the unknown action ${kind}`)
      if (targetFor(kind, target, targets) !== undefined) continue
      const able = Object.keys(targets).filter((candidate) => targets[candidate]?.handles.includes(kind))
      invalid(
        'targets',
        target === undefined
          ? able.length > 1
            ? `rule "${name}" must say ON which target ${kind} goes: ${able.join(', ')}`
            : `rule "${name}" needs a target that handles ${kind}, and none was given`
          : `rule "${name}" sends ${kind} to "${target}", which is not given or does not handle it`,
      )
    }
  }
}

/** Rules come one by one, and from several texts: what is checked within a text is checked among all of them, too. */
function checkInhibitors(rules: readonly Rule[]): void {
  const byName = new Map(rules.map((rule) => [rule.name, rule]))
  for (const { name, inhibitedBy = [] } of rules) {
    for (const other of inhibitedBy) {
      const says = `rule "${name}" is INHIBITED BY "${other}", `
      const inhibitor = byName.get(other)
      if (inhibitor === undefined) invalid('rules', `${says}and there is no such rule`)
      if (inhibitor.having === undefined)
        invalid('rules', `${says}which has no HAVING and so is never firing`)
    }
  }
  // What nothing inhibits that is left cannot be in a circle; what remains at the end is.
  let left = rules
  for (let before = -1; left.length !== before; ) {
    before = left.length
    const names = new Set(left.map(({ name }) => name))
    left = left.filter(({ inhibitedBy = [] }) => inhibitedBy.some((other) => names.has(other)))
  }
  const [first, ...others] = left.map(({ name }) => `"${name}"`)
  if (first !== undefined)
    invalid('rules', `${[first, ...others].join(', ')} inhibit one another in a circle`)
}

function checkPlugin(kind: string, name: string, plugin: object, methods: readonly string[]): void {
  const fields = plugin as Readonly<Record<string, unknown>>
  if (fields.contract !== 1) refuse(kind, name, `contract is ${String(fields.contract)}, not 1`)
  if (typeof fields.capabilities !== 'object' || fields.capabilities === null)
    refuse(kind, name, 'capabilities are missing')
  for (const method of methods) {
    if (typeof fields[method] !== 'function') refuse(kind, name, `${method}() is missing`)
  }
}

function refuse(kind: string, name: string, problem: string): never {
  throw new AndonError('PLUGIN_INVALID', { details: { kind, name, problem } })
}

function invalid(option: string, problem: string): never {
  throw new AndonError('OPTIONS_INVALID', { details: { option: `createAndon.${option}`, problem } })
}

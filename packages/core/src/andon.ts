import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import type { Action } from './action/action.js'
import { kindTable } from './action/kinds/kinds.js'
import { type AndonOptions, checkOptions, checkRules, deliveryOf } from './andon-options.js'
import { auditDesk } from './audit/audit-desk.js'
import { channelSet } from './channel/channel-set.js'
import type { RawPayload } from './channel/payload.js'
import { systemClock } from './connector/clock.js'
import { silentLogger } from './connector/logger.js'
import type { NewEntry } from './connector/store.js'
import { actionDesk } from './engine/action-desk.js'
import { Actuation } from './engine/actuation/actuation.js'
import { Announcer } from './engine/announcer.js'
import { AvailabilityLog } from './engine/availability.js'
import { containSignal } from './engine/containment.js'
import { keptCustomerKey } from './engine/customer-key.js'
import { healthOf, type WorkerHealth } from './engine/health.js'
import { createHostTarget } from './engine/host-target.js'
import { Inquiries } from './engine/inquiries.js'
import { type IngestResult, Intake } from './engine/intake.js'
import { KeptTime } from './engine/kept-time.js'
import { Lifecycle } from './engine/lifecycle.js'
import { pause } from './engine/pause.js'
import { Periodic } from './engine/periodic.js'
import { phaseDesk } from './engine/phase-desk.js'
import { countMismatch, countOutcome, isMismatch } from './engine/phase-evidence.js'
import { Phases } from './engine/phases.js'
import { hostTarget } from './engine/propose.js'
import { quarantineDesk } from './engine/quarantine-desk.js'
import { readerPool } from './engine/reader-pool.js'
import { reconcile } from './engine/reconcile/reconcile.js'
import { retention } from './engine/retention.js'
import { ruleDesk } from './engine/rule-desk.js'
import { signalDesk } from './engine/signal-desk.js'
import { Silences } from './engine/silence-desk.js'
import { SinkStage } from './engine/sinks/sink-stage.js'
import { Sources } from './engine/sources.js'
import { steadyClock } from './engine/steady-clock.js'
import type { FeedbackStream, StreamOptions } from './engine/stream/feedback-stream.js'
import { JournalStream } from './engine/stream/journal-stream.js'
import { traceDesk } from './engine/trace/trace-desk.js'
import { VerificationStage } from './engine/verification.js'
import { metricUnmeasured, readersStopped } from './engine/warnings.js'
import { watchedTarget } from './engine/watched-target.js'
import { alone, sharedCrew } from './engine/worker/crew.js'
import { PartitionStream } from './engine/worker/partition-stream.js'
import { sharedBy } from './engine/worker/shared-by.js'
import { streamTopics } from './engine/worker/stream-topics.js'
import type { Andon } from './loop.js'
import { policyOptions } from './policy-options.js'
import { rateRatioJudge } from './signal/judge/rate-ratio-judge.js'
import type { Signal } from './signal/signal.js'
import { sqliteStore } from './store/sqlite/sqlite-store.js'

const tickMs = 1000
/** Other workers count as well: a verdict waits so long for them (ms). */
const othersCountMs = 5000

/**
 * Puts the loop together. Nothing runs and nothing is opened before `start()`.
 *
 * @throws AndonError OPTIONS_INVALID, PLUGIN_INVALID, POLICY_INVALID
 */
export function createAndon(options: AndonOptions): Andon {
  const checked = checkOptions(options)
  const deciding = policyOptions(options)
  const channels = channelSet(options.channels)
  const clock = steadyClock(options.clock ?? systemClock)
  const logger = options.logger ?? silentLogger
  const store = options.store ?? sqliteStore({ path: join(checked.data, 'andon.db') })
  const given = { ...options.targets, [hostTarget]: createHostTarget() }
  const availability = new AvailabilityLog(clock, [
    ...(['intake', 'analysis', 'actuation', 'verification'] as const),
    ...Object.keys(given).map((name) => `actuation/${name}` as const),
  ])
  const targets = Object.fromEntries(
    Object.entries(given).map(([name, target]) => [name, watchedTarget(name, target, availability)]),
  )
  const kinds = kindTable(options.kinds)
  const { limits } = checked
  /** What workers share; absent where one process does everything. */
  const workers = sharedBy(options.bus, store)
  const availabilityName = workers === undefined ? 'availability' : `availability/${checked.stage}`

  const announcer = new Announcer(logger)
  const { warn, failed } = announcer
  const sinks = Object.entries(options.sinks ?? {}).map(
    ([name, sink]) => new SinkStage({ name, sink, store, clock, failed }),
  )
  const tell: typeof announcer.tell = (event, ...about) => {
    announcer.tell(event, ...about)
    if (event === 'signal' || event === 'action') for (const sink of sinks) sink.wake()
  }
  const failedIn = (stage: 'analysis' | 'actuation' | 'verification') => (cause: unknown) => {
    availability.failed(stage)
    failed(cause)
  }

  const stopping = new AbortController()
  /** Analysis, too, gives up what fails. */
  const finishing = new AbortController()
  const silences = new Silences(store, clock)
  const phases = new Phases({
    store,
    clock,
    initial: deciding.initialPhases,
    warn: (_, { text }) => warn({ code: 'phase-demoted', text }),
    failed,
  })
  const policy = deciding.policy(phases.phaseOf)
  const verification = new VerificationStage({
    store,
    clock,
    kinds,
    targets,
    judge: options.judge ?? rateRatioJudge,
    metrics: options.metrics,
    upToDate: async () => {
      await lifecycle.intake?.settle()
      return stream.counted()
    },
    unmeasured: (metric) => warn(metricUnmeasured(metric)),
    outcome: (transaction, action, outcome) => countOutcome(phases, transaction, action, outcome),
    failed: failedIn('verification'),
    metricFailed: failed,
    worked: () => availability.worked('verification'),
    isOurs: () => crew.judges,
    waitsMs: workers === undefined ? 0 : othersCountMs,
    changed: (signal, actions) => {
      phases.refresh()
      tell('signal', signal)
      for (const action of actions) tell('action', action)
      carryOut(actions)
    },
  })
  const actuation = new Actuation({
    ...(workers === undefined ? {} : { isOurs: (target: string) => crew.speaksTo(target) }),
    store,
    clock,
    logger,
    targets,
    kinds,
    deliveryOf: (name) => deliveryOf(checked, name),
    follow: async (transaction, step) => {
      await countMismatch(phases, transaction, step)
      return containSignal(transaction, step, kinds.get(step.action.kind), checked.verification)
    },
    failed: failedIn('actuation'),
    changed: (action, signal) => {
      availability.worked('actuation')
      tell('action', action)
      crew.hand([action])
      if (isMismatch(action)) phases.refresh()
      if (signal === undefined) return
      tellSignal(signal)
    },
  })
  const tellSignal = (signal: Signal): void => {
    tell('signal', signal)
    verification.watch(signal)
  }
  const carryOut = (actions: readonly Action[]): void => {
    actuation.enqueue(actions)
    crew.hand(actions)
  }
  const sources = new Sources(options.sources ?? {}, {
    ...{ store, clock, failed },
    ingest: (payloads) => ingest(payloads),
  })
  const owner = randomUUID()
  const crew =
    workers === undefined
      ? alone(sources)
      : sharedCrew({
          ...{ ...workers, store, clock, owner, failed },
          // Whoever gives a clock has claims run out by it, too.
          elapsed: options.clock === undefined ? () => performance.now() : () => clock.now(),
          ...{ targets: Object.keys(targets), sources: sources.names },
          tookSource: (name) => sources.read(name),
          lostSource: (name) => sources.leave(name),
          tookTarget: (target) => void actuation.take(target),
          lostTarget: (target) => actuation.drop(target),
          received: (actions) => actuation.enqueue(actions),
          look: () => actuation.look(),
          lookAtSignals: () => verification.recover(),
          lostJudging: () => verification.forget(),
          async refresh() {
            await silences.recover()
            phases.refresh()
          },
        })
  const streaming: StreamOptions = {
    ...{ store, silences, warn },
    rules: options.rules ?? [],
    detectors: options.detectors ?? [],
    maxGroups: limits.maxGroupsPerRule,
    maxEntriesPerGroup: limits.maxEntriesPerGroup,
    propose: { kinds, targets, policy, phases, verification: checked.verification },
    snapshotEvery: limits.snapshotEvery,
    failed: failedIn('analysis'),
    worked: () => availability.worked('analysis'),
    pause: () => pause(clock, 250, finishing.signal),
    headStart: () => actuation.headStart(),
    effects: ({ signals, actions, waiting }) => {
      for (const signal of signals) tellSignal(signal)
      for (const action of actions) tell('action', action)
      carryOut(waiting)
    },
  }
  const stream: FeedbackStream =
    workers === undefined
      ? new JournalStream({ ...streaming, clock })
      : new PartitionStream({
          ...{ ...streaming, ...workers, clock, owner },
          ...{ stage: checked.stage, tenant: checked.tenant },
          ...streamTopics(checked.stream),
        })
  const readers = readerPool(channels, stream, limits.readers, (problem) => warn(readersStopped(problem)))

  const inquiries = new Inquiries()
  const ingest = (payloads: readonly RawPayload[]): Promise<readonly IngestResult[]> =>
    availability.watch('intake', lifecycle.running().ingest(payloads))
  /** Asks targets or reads much. */
  async function inquire<T>(work: () => Promise<T>): Promise<T> {
    lifecycle.running()
    return inquiries.run(work)
  }

  const asking = {
    ...{ store, clock, logger, targets, kinds, timeoutMs: limits.actionTimeoutMs, stop: stopping.signal },
    verification: checked.verification,
    changed: (action: Action) => {
      tell('action', action)
      carryOut([action])
    },
  }
  const tracing = traceDesk(asking)

  const ticker = new Periodic(clock, tickMs, () => stream.tick(), failed)
  const keepAvailability = (): Promise<void> =>
    store.transaction((transaction) => transaction.keep(availabilityName, availability.state()))
  const retaining = retention({
    ...{ clock, stream, failed },
    rawDays: checked.retention.rawDays,
    keep: keepAvailability,
  })
  const workerHealth = (): WorkerHealth | undefined => {
    const { partitions } = stream
    if (partitions === undefined) return undefined
    return { name: owner, stage: checked.stage, partitions, duties: crew.duties ?? [] }
  }

  const openIntake = async (at: number): Promise<Intake> =>
    new Intake(
      {
        ...{ clock, channels, readers, journal: stream.journal, matcher: stream.matcher },
        // A clock that somebody moves by hand would stand still meanwhile.
        ...(stream.gatherMs === undefined || options.clock !== undefined
          ? {}
          : { gatherMs: stream.gatherMs }),
        keepsAll: () => (options.detectors ?? []).length > 0 || announcer.isHeard('feedback'),
        tenant: checked.tenant,
        source: 'ingest',
        customerKey: checked.customerKey ?? (await keptCustomerKey(store)),
        maxPayloadBytes: limits.maxPayloadBytes,
        maxPending: limits.maxPending,
        accepted: (entries) => {
          stream.accepted(entries)
          if (!announcer.isHeard('feedback')) return
          for (const entry of entries) if (entry.kind === 'feedback') tell('feedback', entry.feedback)
        },
        quarantined: (records) => {
          for (const record of records) tell('quarantined', record)
        },
      },
      at,
    )
  const lifecycle: Lifecycle = new Lifecycle({
    ...{ store, bus: options.bus, stream, silences, phases, crew, verification, actuation, sinks, sources },
    ...{ inquiries, readers, stopping, finishing, failed, intake: openIntake },
    periodic: [ticker, retaining],
    time: workers === undefined ? new KeptTime(store, clock, failed) : undefined,
    availability: {
      begin: async () => availability.start(await store.kept(availabilityName)),
      keep: keepAvailability,
    },
    plugins: [options.sources ?? {}, targets, options.sinks ?? {}].flatMap((all) => Object.values(all)),
  })

  return {
    start: () => lifecycle.start(),
    async ingest(payloads) {
      return ingest(Array.isArray(payloads) ? payloads : [payloads as RawPayload])
    },
    on: (event, listener) => announcer.on(event, listener),
    signals: signalDesk(store, clock, tellSignal),
    actions: actionDesk({
      ...{ store, clock, targets, kinds },
      timeoutOf: (name) => deliveryOf(checked, name).timeoutMs,
      changed: asking.changed,
    }),
    phases: phaseDesk({
      ...{ store, clock, phases, tenant: checked.tenant },
      changed: (action) => tell('action', action),
    }),
    rules: ruleDesk({
      stream,
      check: (all) => checkRules({ ...options, rules: all }),
      async change(work) {
        lifecycle.running()
        const result = await stream.change(work)
        readers?.renew()
        return result
      },
    }),
    silences: silences.desk(() => lifecycle.running().instant()),
    quarantine: quarantineDesk({
      ...{ store, ingest },
      ...(workers === undefined
        ? {}
        : {
            publish: (entry: NewEntry) =>
              stream.journal.append({ at: lifecycle.running().instant(), entries: [entry], quarantined: [] }),
          }),
    }),
    // A store has its log only while it is open.
    audit: auditDesk({
      read: (...page) => store.audit.read(...page),
      heads: () => store.audit.heads(),
    }),
    feedback: (id) => store.journal.find(id),
    hourly: (filter) => store.aggregates(filter),
    async settled() {
      await lifecycle.running().settle()
      await stream.settle()
      await actuation.settle()
      await verification.settle()
      // A verdict may take an action back.
      await actuation.settle()
      await phases.settle()
    },
    trace: {
      affected: (signalId, asked) => inquire(() => tracing.affected(signalId, asked)),
      hold: (signalId, request) => inquire(() => tracing.hold(signalId, request)),
    },
    reconcile: (asked) => inquire(() => reconcile(asking, asked)),
    health: () =>
      healthOf({
        ...{ availability, store, stream, actuation, targets, sinks },
        ...{ intake: lifecycle.intake, worker: workerHealth() },
      }),
    async close() {
      await lifecycle.close()
      announcer.close()
    },
  }
}

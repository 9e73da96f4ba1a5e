import type { Store } from '../connector/store.js'
import type { Target } from '../connector/target.js'
import { problemOf } from '../errors/index.js'
import type { StageName } from '../rule/ast.js'
import type { Actuation } from './actuation/actuation.js'
import type { Availability, AvailabilityLog } from './availability.js'
import type { Warning } from './events.js'
import type { Intake } from './intake.js'
import type { SinkStage } from './sinks/sink-stage.js'
import type { FeedbackStream } from './stream/feedback-stream.js'
import type { HeldPartition } from './worker/partition-stream.js'

/** How the loop is doing. `ok` is false when something needs a person. */
export interface AndonHealth {
  readonly ok: boolean
  readonly store: { readonly ok: boolean; readonly detail?: string }
  readonly targets: Readonly<Record<string, { readonly ok: boolean; readonly detail?: string }>>
  /** `behind`: what happened and has not left through the sink yet, in lines of the audit log. */
  readonly sinks: Readonly<
    Record<string, { readonly ok: boolean; readonly detail?: string; readonly behind: number }>
  >
  /** Payloads not yet on disk. */
  readonly pending: number
  /** Journal entries not yet analysed. */
  readonly lag: number
  /** Actions approved and not yet carried out: waiting for their turn, their time or their target, or under way. */
  readonly actionsPending: number
  readonly warnings: readonly Warning[]
  /**
   * How much of the last 30 days each stage did its work: `intake`, `analysis`, `actuation`, `verification`, and
   * `actuation/<name>` for each target.
   */
  readonly availability: Readonly<Record<string, Availability>>
  /** Of one worker among several: its share of the work; `lag` and `pending` are its own as well. */
  readonly worker?: WorkerHealth
}

/** What one worker does just now. */
export interface WorkerHealth {
  /** Under this name it claims its share; a new one with each start. */
  readonly name: string
  readonly stage: StageName
  /** Partitions it analyses, e.g. `feedback.appliance/3`, and how many of their entries wait for analysis. */
  readonly partitions: readonly HeldPartition[]
  /** What it does for all workers: `verification`, `actuation/<target>`, `source/<name>`. */
  readonly duties: readonly string[]
}

interface Parts {
  readonly store: Store
  readonly stream: FeedbackStream
  readonly actuation: Actuation
  readonly intake: Intake | undefined
  readonly targets: Readonly<Record<string, Target>>
  readonly availability: AvailabilityLog
  readonly sinks: readonly SinkStage[]
  readonly worker: WorkerHealth | undefined
}

export async function healthOf({
  store,
  stream,
  actuation,
  intake,
  targets,
  availability,
  sinks,
  worker,
}: Parts): Promise<AndonHealth> {
  const checks = await Promise.all(
    Object.entries(targets).map(async ([name, target]) => {
      const health = await target.check().catch((error: unknown) => ({ ok: false, detail: problemOf(error) }))
      return [name, health] as const
    }),
  )
  const storeHealth = await store.check()
  const outlets = await Promise.all(
    (storeHealth.ok ? sinks : []).map(async (sink) => [sink.name, await sink.health()] as const),
  )
  const lag = storeHealth.ok ? await stream.lag() : 0
  const dead = storeHealth.ok ? await store.actions.list({ status: ['dead'], limit: 100 }) : []
  const open = storeHealth.ok ? await store.actions.open() : {}
  const resting = [...actuation.resting].map(([target, until]) =>
    restingTarget(target, until, open[target] ?? 0),
  )
  const warnings = [...capped(stream), ...resting, ...dead.map(deadAction)]
  return {
    ok:
      intake !== undefined &&
      storeHealth.ok &&
      [...checks, ...outlets].every(([, health]) => health.ok) &&
      dead.length === 0,
    store: storeHealth,
    targets: Object.fromEntries(checks),
    sinks: Object.fromEntries(outlets),
    pending: intake?.pending ?? 0,
    lag,
    actionsPending: Object.values(open).reduce((sum, count) => sum + count, 0),
    warnings,
    availability: availability.report(),
    ...(worker === undefined ? {} : { worker }),
  }
}

function capped(stream: FeedbackStream): Warning[] {
  return Object.entries(stream.losses()).flatMap(([rule, { entries, groups, matches, late }]) => {
    const warnings: Warning[] = []
    if (entries + groups > 0) {
      warnings.push({
        code: 'window-capped',
        text: {
          en: `Rule ${rule} forgot ${entries} entries and ${groups} groups at its caps: narrow its WHERE or window, or raise limits.`,
          zh: `规则 ${rule} 达到上限，已丢弃 ${entries} 条窗口数据和 ${groups} 个分组：请收窄 WHERE 或窗口，或提高 limits。`,
        },
      })
    }
    if (matches > 0) {
      warnings.push({
        code: 'window-capped',
        text: {
          en: `Rule ${rule} forgot ${matches} matches under way at its cap: narrow its MATCH or shorten WITHIN, or raise limits.`,
          zh: `规则 ${rule} 达到上限，已丢弃 ${matches} 个进行中的匹配：请收窄 MATCH、缩短 WITHIN，或提高 limits。`,
        },
      })
    }
    if (late > 0) {
      warnings.push({
        code: 'late-feedback',
        text: {
          en: `Rule ${rule} left out ${late} feedbacks that came later than its LATENESS allows: raise it if that is usual.`,
          zh: `规则 ${rule} 有 ${late} 条反馈晚于 LATENESS 允许的时间，未计入：如属常态，请调大 LATENESS。`,
        },
      })
    }
    return warnings
  })
}

function restingTarget(target: string, until: number, waiting: number): Warning {
  const at = new Date(until).toISOString()
  return {
    code: 'target-failing',
    text: {
      en: `The target ${target} failed again and again; ${waiting} actions wait, and it is asked how it is at ${at}.`,
      zh: `目标系统 ${target} 连续失败；${waiting} 个动作等待中，将于 ${at} 再次询问其状态。`,
    },
  }
}

function deadAction({
  id,
  kind,
  target,
  note,
}: {
  id: string
  kind: string
  target: string
  note?: { en: string; zh: string }
}): Warning {
  return {
    code: 'target-failing',
    text: {
      en: `Action ${id} (${kind} on ${target}) is dead: ${note?.en ?? ''} Replay it with actions.replay().`,
      zh: `动作 ${id}（${target} 上的 ${kind}）已失败：${note?.zh ?? ''} 可用 actions.replay() 重试。`,
    },
  }
}

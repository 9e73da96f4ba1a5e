import type { Localized } from '@andon/core/connector'
import { isLineHold } from '../story/line-hold.js'
import type { Outcome } from '../story/simulate.js'
import type { Latencies } from '../story/stopwatch.js'
import { secrets } from '../world/setup.js'
import { effectOf } from './effect.js'

/** The slowest hold that is fast enough (ms, from the complaint to the plant's receipt). */
export const holdWithinMs = 50

export interface Held {
  readonly batches: readonly string[]
  readonly goodBatchesHeld: readonly string[]
}

/** The batches that stand held in the plant at the end. */
export function heldBatches({ plantAfter }: Pick<Outcome, 'plantAfter'>): Held {
  const batches = plantAfter.batches.filter(({ status }) => status === 'held').map(({ batch }) => batch)
  return { batches, goodBatchesHeld: batches.filter((batch) => batch !== secrets.compressorBatch) }
}

/** The batches that are restricted in S/4HANA at the end. */
const restrictedBatches = ({ sapAfter }: Pick<Outcome, 'sapAfter'>): readonly string[] =>
  sapAfter.batches
    .filter(({ MatlBatchIsInRstrcdUseStock: restricted }) => restricted === true)
    .map(({ Batch: batch }) => String(batch))

/** Why the story does not hold; empty when it does. */
export function shortcomings(outcome: Outcome): readonly Localized[] {
  const { ledger, errors, actions } = outcome
  const { batches, goodBatchesHeld } = heldBatches(outcome)
  const found: Localized[] = []
  const demand = (holds: boolean, en: string, zh: string): void => {
    if (!holds) found.push({ en, zh })
  }
  const bad = secrets.compressorBatch
  const restricted = restrictedBatches(outcome)
  demand(batches.includes(bad), `the bad batch ${bad} is not held`, `不良批次 ${bad} 未被冻结`)
  demand(
    restricted.join() === secrets.mainboardBatch,
    `S/4HANA restricts ${restricted.join(', ') || 'no batch'}, not ${secrets.mainboardBatch} alone`,
    `S/4HANA 限制的批次为 ${restricted.join('、') || '无'}，应仅为 ${secrets.mainboardBatch}`,
  )
  const good = goodBatchesHeld.join(', ')
  demand(good === '', `good batches are held: ${good}`, `误冻结了合格批次：${good}`)
  const silent = [...ledger.perChannel].filter(([, count]) => count === 0).map(([channel]) => channel)
  demand(
    silent.length === 0,
    `nothing came through ${silent.join(', ')}`,
    `以下渠道没有反馈：${silent.join('、')}`,
  )
  const unexpected = ledger.unexpected.length
  demand(
    unexpected === 0,
    `${unexpected} sound payloads were quarantined`,
    `误隔离了 ${unexpected} 条正常消息`,
  )
  const missed = ledger.broken.sent - ledger.broken.caught
  demand(missed === 0, `${missed} broken payloads were not quarantined`, `${missed} 条损坏消息未被隔离`)
  const { sent, recognised } = ledger.duplicates
  demand(
    sent === recognised,
    `${sent} repeats were sent and ${recognised} recognised`,
    `重复发送 ${sent} 条，识别 ${recognised} 条`,
  )
  const failed = [...actions.values()].filter(({ status }) => status !== 'succeeded')
  const kinds = failed.map(({ kind, status }) => `${kind} ${status}`).join(', ')
  demand(failed.length === 0, `actions did not succeed: ${kinds}`, `动作未成功：${kinds}`)
  const effect = effectOf(outcome)
  demand(
    effect.badBatch.after < effect.badBatch.before,
    'complaints about the bad batch did not fall',
    '不良批次的投诉没有下降',
  )
  demand(errors.length === 0, `Andon reported: ${errors.join('; ')}`, `Andon 报告：${errors.join('；')}`)
  return found
}

/** From complaint to hold, and whether it was fast enough. It is no part of the story: it depends on the machine. */
export function holdTime({
  actions,
  watch,
}: Pick<Outcome, 'actions' | 'watch'>): Latencies & { readonly isFast: boolean } {
  const latencies = watch.latencies([...actions.values()].filter(isLineHold))
  return { ...latencies, isFast: latencies.n > 0 && latencies.p99 <= holdWithinMs }
}

import type { Action, Policy } from '@andon/core'
import { memoryTarget } from '@andon/testkit'
import { type Loop, type LoopOptions, runLoop } from './loop.js'
import { webPayload } from './payloads.mjs'

/** A grave report holds the compressor's batch. */
export const hold = `CREATE RULE grave AS SELECT component_batches.compressor AS batch FROM feedbacks WHERE severity_score > 9
  THEN material.hold (batch = batch, reason = 'grave report') ON mes;`

/** A policy that decides so of everything. */
export const auto = (decision: Partial<ReturnType<Policy>>): Policy => {
  const note = { en: 'Automatic.', zh: '自动执行。' }
  return () => ({ status: 'approved', note, ...decision })
}

let complaints = 0
/** Sends one grave report; resolves to all actions there are then. */
export async function complain({ andon, clock }: Loop): Promise<readonly Action[]> {
  await andon.ingest(webPayload({ id: `m-${complaints++}`, at: clock.now(), severity: 9.5 }))
  await andon.settled()
  return andon.actions.list()
}

/** A loop with the rule `hold`, after one grave report. */
export async function withHold(options: LoopOptions = {}) {
  const target = memoryTarget({ name: 'mes' })
  const loop = await runLoop({ rules: hold, targets: { mes: target }, ...options })
  const [action] = await complain(loop)
  const id = action?.id ?? ''
  return { ...loop, target, id, action: () => loop.andon.actions.get(id) }
}

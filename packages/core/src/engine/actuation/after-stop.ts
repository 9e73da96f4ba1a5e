import type { Action, Stop } from '../../action/action.js'
import type { ActionKind } from '../../action/kinds/kind.js'
import type { Receipt } from '../../connector/target.js'
import { takingBack } from './reversal.js'
import { decisionStep, type Step, succeeded } from './step.js'

/** What becomes of an action that was stopped, once its target has said what a try did. */
export function afterStop(
  action: Action,
  { reason, by }: Stop,
  found: Receipt | undefined,
  kind: ActionKind | undefined,
  at: number,
): readonly Step[] {
  if (found === undefined) {
    const text = {
      en: `Cancelled: ${reason}. No try had its effect.`,
      zh: `已取消：${reason}。先前的尝试均未生效。`,
    }
    const name = by === undefined ? {} : { name: by }
    return [decisionStep(action, { at, by: 'person', outcome: 'cancelled', text, ...name })]
  }
  const { stop: _, ...rest } = action
  const done = succeeded(rest, found, undefined, at)
  const text = {
    en: `Stopped: ${reason}. A try had had its effect.`,
    zh: `已停止：${reason}。先前的尝试已生效。`,
  }
  return [
    done,
    takingBack(done.action, kind, { cause: 'person', reason, text, asked: 'action.revert-wanted' }, at),
  ]
}

import { checkKind } from './action/kinds/check-kind.js'
import type { ActionKind } from './action/kinds/kind.js'
import type { Channel } from './channel/channel.js'
import type { Detector } from './connector/detector.js'
import type { Source } from './connector/source.js'
import type { Target } from './connector/target.js'
import type { JsonValue } from './json.js'

// Contract stamps: a plugin written with these carries the version of the contract it was compiled against.

/** @example `defineTarget({ name: 'mes', capabilities: {}, handles: ['material.hold'], execute, check })` */
export function defineTarget(target: Omit<Target, 'contract'>): Target {
  return { ...target, contract: 1 }
}

export function defineSource(source: Omit<Source, 'contract'>): Source {
  return { ...source, contract: 1 }
}

export function defineChannel(channel: Omit<Channel, 'contract'>): Channel {
  return { ...channel, contract: 1 }
}

export function defineDetector<S extends JsonValue>(detector: Omit<Detector<S>, 'contract'>): Detector<S> {
  return { ...detector, contract: 1 }
}

/**
 * A kind of action beyond the ten built in; hand it to `createAndon({ kinds })` and `parseRules(text, { kinds })`.
 * One that changes production and has no `inverse` never runs by itself: whatever the policy, a person must sign.
 *
 * @throws AndonError OPTIONS_INVALID naming the field, e.g. `defineAction.name`.
 */
export function defineAction(kind: ActionKind): ActionKind {
  checkKind(kind, 'defineAction')
  return kind
}

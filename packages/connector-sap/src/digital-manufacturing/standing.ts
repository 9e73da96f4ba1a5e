/** What one action of Andon means for a thing, in the order in which they came. */
export interface Meaning<State> {
  readonly verb: 'hold' | 'release'
  /** How the thing stood without any action of Andon. */
  readonly before: State
  /** People had changed it since: what came before does not count any more. */
  readonly anew: boolean
  /** It was not taken back. */
  readonly active: boolean
}

/** How a thing stands when it is on hold, and when it is released. */
export type States<State> = Readonly<Record<'hold' | 'release', State>>

const counting = <State>(meanings: readonly Meaning<State>[]): readonly Meaning<State>[] =>
  meanings.slice(
    Math.max(
      0,
      meanings.findLastIndex(({ anew }) => anew),
    ),
  )

/** How the thing has to stand: as the last action that is not taken back means it, else as it stood before all of them. */
export function implied<State>(
  meanings: readonly Meaning<State>[],
  states: States<State>,
): State | undefined {
  const count = counting(meanings)
  const last = count.findLast(({ active }) => active)
  return last === undefined ? count.at(-1)?.before : states[last.verb]
}

/** What a new action has to remember of a thing that stands like this now. */
export function toRemember<State>(
  meanings: readonly Meaning<State>[],
  states: States<State>,
  now: State,
): Pick<Meaning<State>, 'before' | 'anew'> {
  const latest = counting(meanings).at(-1)
  return latest !== undefined && implied(meanings, states) === now
    ? { before: latest.before, anew: false }
    : { before: now, anew: true }
}

/** How the thing has to stand once one of the actions is taken back; as it does where people have changed it since. */
export function without<State>(
  meanings: readonly Meaning<State>[],
  one: Meaning<State>,
  states: States<State>,
  now: State,
): State {
  if (implied(meanings, states) !== now) return now
  const left = meanings.map((meaning) => (meaning === one ? { ...meaning, active: false } : meaning))
  return implied(left, states) ?? now
}

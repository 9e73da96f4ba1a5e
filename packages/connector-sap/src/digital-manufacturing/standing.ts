/** What one action of Andon means for a thing, in the order in which they came. */
export interface Meaning<State> {
  /** How it has to stand. */
  readonly means: State
  /** How it stood without any action of Andon. */
  readonly before: State
  /** People had changed it since: what came before does not count any more. */
  readonly anew: boolean
  /** It was not taken back. */
  readonly active: boolean
}

type Same<State> = (one: State, other: State) => boolean
const equal = <State>(one: State, other: State): boolean => one === other

/** Those that count. */
export const chainOf = <Of extends Pick<Meaning<unknown>, 'anew'>>(meanings: readonly Of[]): readonly Of[] =>
  meanings.slice(
    Math.max(
      0,
      meanings.findLastIndex(({ anew }) => anew),
    ),
  )

/**
 * For records that are made before their change: how a later action finds the thing may be what people want, or what
 * an earlier action has written down and not done yet. So an action that means the safe state and is not taken back is
 * never made void by how the next one found it.
 */
export function cautious<State, Of extends Meaning<State>>(
  meanings: readonly Of[],
  safe: State,
): readonly Of[] {
  let guarded = false
  return meanings.map((one) => {
    const anew = one.anew && !(guarded && one.before !== safe)
    guarded = (guarded && !anew) || (one.active && one.means === safe)
    return { ...one, anew }
  })
}

/** How the thing has to stand: as the last action that is not taken back means it, else as it stood before all of them. */
export function implied<State>(meanings: readonly Meaning<State>[]): State | undefined {
  const chain = chainOf(meanings)
  return chain.findLast(({ active }) => active)?.means ?? chain.at(-1)?.before
}

/** Whether the thing stands as the actions mean it; true where there are none. */
export function undisturbed<State>(
  meanings: readonly Meaning<State>[],
  now: State,
  same: Same<State> = equal,
): boolean {
  const wanted = implied(meanings)
  return wanted === undefined || same(wanted, now)
}

/** What a new action has to remember of a thing that stands like this now. */
export function toRemember<State>(
  meanings: readonly Meaning<State>[],
  now: State,
  same: Same<State> = equal,
): Pick<Meaning<State>, 'before' | 'anew'> {
  const latest = chainOf(meanings).at(-1)
  return latest !== undefined && undisturbed(meanings, now, same)
    ? { before: latest.before, anew: false }
    : { before: now, anew: true }
}

/** How the thing has to stand once one of the actions is taken back; as it does where people have changed it since. */
export function without<State, Of extends Meaning<State>>(
  meanings: readonly Of[],
  one: Of,
  now: State,
  same: Same<State> = equal,
): State {
  if (!undisturbed<State>(meanings, now, same)) return now
  const left = meanings.map((meaning) => (meaning === one ? { ...meaning, active: false } : meaning))
  return implied<State>(left) ?? now
}

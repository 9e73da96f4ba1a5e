import type { Action, Receipt } from '@andon/core/connector'

/** Anything of DM that actions and people change, and how it has to stand. */
export interface Thing {
  readonly name: string
  stands: string
  /** The state that an action keeps whatever people have done, once the next action comes. */
  readonly safe: string | undefined
  /** How it stands without any action. */
  base: string
  /** The actions that count, oldest first, and what each of them means. */
  readonly means: { readonly id: string; readonly state: string }[]
  /** People have changed it since the last action. */
  byPeople: boolean
  /** How often it was changed. */
  turns: number
}

export const thing = (name: string, stands: string, safe?: string): Thing => ({
  ...{ name, stands, base: stands, safe },
  ...{ means: [], byPeople: false, turns: 0 },
})

function bring(one: Thing, state: string): void {
  if (one.stands !== state) one.turns += 1
  one.stands = state
}

/** The last action decides; without any it stands as people want it, and where there is a safe state, by that. */
export const books = {
  did({ id }: Action, state: string, things: readonly Thing[]): void {
    for (const one of things) {
      if (one.byPeople || one.means.length === 0) {
        const kept = one.stands !== one.safe && one.means.some((meaning) => meaning.state === one.safe)
        if (!kept) one.means.length = 0
        one.base = one.stands
        one.byPeople = false
      }
      one.means.push({ id, state })
      bring(one, state)
    }
  },
  undid({ id }: Action, things: readonly Thing[]): void {
    for (const one of things) {
      const at = one.means.findIndex((meaning) => meaning.id === id)
      // What people have decided since has made it void.
      if (at < 0) continue
      one.means.splice(at, 1)
      const last = one.means.at(-1)
      if (!one.byPeople) bring(one, last?.state ?? one.base)
      // From here on nobody can tell whose decision it is.
      if (last === undefined || last.state === one.stands) one.byPeople = false
    }
  },
  /** Whether people may change it so that it can still be told: once after each action. */
  peopleMay: (one: Thing): boolean => !one.byPeople,
  people(one: Thing, state: string): void {
    bring(one, state)
    one.byPeople = one.means.length > 0
  },
}

/** What a receipt says that was asked for. */
export const textIn = ({ proof }: Receipt, name: string): string => {
  const value = proof?.[name]
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}

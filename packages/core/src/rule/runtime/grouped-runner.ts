import type { AggregatePlan } from './aggregate/aggregate-plan.js'
import type { Row } from './compile.js'
import { Floors } from './floors.js'
import type { Group } from './group.js'
import { type Glance, type GroupJudge, lifeOf, rowOf } from './group-judge.js'
import { type GroupLimits, type GroupSnapshot, GroupTable } from './group-table.js'
import { isActive, lifeDue, mayFire } from './life.js'
import type { RuleMatch } from './matcher.js'
import type { GroupMemory } from './memory/group-memory.js'
import type { BoundProgram } from './program.js'
import type { Position, WindowSpec } from './window/window-spec.js'

/** What a window needs of a feedback, or of a complete match of a pattern. */
export type WindowInput = Omit<RuleMatch, 'selector'>

/** Something that arrived, and looks at groups on its way. */
export interface Arrival extends Glance {
  readonly tenant: string
  readonly offset: number
}

/** Where a runner stands among others. */
interface RunnerPlace {
  /** The rules' `planKey`. */
  readonly planKey: string
  /** How many inhibitions deep its rules are. */
  readonly rank: number
  /** What falls due at the same instant happens in this order: ranks first, then the places of the rules. */
  readonly order: number
}

const none: BoundProgram['flips'] = []

/**
 * Runs the rules that share one filter, one GROUP BY and one window over the same groups. It is the table of these,
 * instead of having one: there is less to reach for every feedback.
 */
export class GroupedRunner extends GroupTable implements RunnerPlace {
  readonly #floors = new Floors()
  /** Time alone can change what the conditions of a rule compare with NOW(). */
  #hasFlips = false
  readonly #judge: GroupJudge
  readonly #subscribers: (BoundProgram | undefined)[] = []
  readonly order: number
  readonly rank: number
  readonly planKey: string

  constructor(
    { planKey, rank, order }: RunnerPlace,
    spec: WindowSpec,
    plan: AggregatePlan,
    memory: GroupMemory,
    limits: GroupLimits,
    judge: GroupJudge,
  ) {
    super(spec, plan, memory, limits)
    this.#judge = judge
    this.order = order
    this.rank = rank
    this.planKey = planKey
  }

  /** A selector's matches can be for it. */
  get kind(): 'window' {
    return 'window'
  }

  /** The rules, each in the slot under which every group keeps its life. */
  get subscribers(): readonly (BoundProgram | undefined)[] {
    return this.#subscribers
  }

  subscribe(program: BoundProgram): void {
    const free = this.#subscribers.indexOf(undefined)
    this.#seat(free < 0 ? this.#subscribers.length : free, program)
  }

  unsubscribe(name: string): void {
    this.#each((program, slot) => {
      if (program.rule.name !== name) return
      for (const group of this.all()) this.#judge.setLife(program, group, slot, undefined)
      this.#seat(slot, undefined)
    })
  }

  /** Another wording of a rule takes its place; its lives go on when it judges as before. */
  replace(program: BoundProgram): void {
    this.#each((before, slot) => {
      if (before.rule.name !== program.rule.name) return
      if (before.lifeKey !== program.lifeKey) {
        for (const group of this.all()) this.#judge.setLife(before, group, slot, undefined)
      }
      this.#seat(slot, program)
    })
  }

  #seat(slot: number, program: BoundProgram | undefined): void {
    this.#subscribers[slot] = program
    this.#floors.set(slot, program)
    this.#hasFlips ||= program !== undefined && program.flips.length > 0
  }

  /** Takes an entry in and judges its group; gives the group, or undefined when it came too late. */
  see(input: WindowInput, arrival: Arrival): Group | undefined {
    const { values, inputs, until } = input
    const { tenant, offset, at } = arrival
    if (this.#isLate(input, at)) {
      this.losses.late++
      return undefined
    }
    const group = this.touch(tenant, values)
    const { window } = group
    for (let slot = 0; slot < (group.lives?.length ?? 0); slot++) {
      const program = this.#subscribers[slot]
      if (program !== undefined) this.#judge.count(program, group, slot, arrival)
    }
    switch (window.mode) {
      case 'live':
        window.expire(at)
        this.makeRoom(group)
        window.add(at, offset, inputs, until)
        this.#look(group, arrival)
        break
      case 'event-sliding':
        window.expire(at)
        this.makeRoom(group)
        this.#judgePositions(group, window.offer(input.time, offset, inputs), arrival)
        break
      case 'paned': {
        this.makeRoom(group)
        const position = window.offer(this.#timeOf(input, at), offset, inputs)
        if (!this.#isFinal) this.#judgePositions(group, [position], arrival)
      }
    }
    return group
  }

  /** Time alone has come to `at`: entries leave, panes close, lives move on; a group with nothing left is forgotten. */
  expire(group: Group, at: number): void {
    const { window } = group
    const glance: Glance = { at, entered: false, trigger: undefined, severity: 0 }
    switch (window.mode) {
      case 'live':
        window.expire(at)
        this.#look(group, glance)
        break
      case 'event-sliding':
        window.expire(at)
        break
      case 'paned':
        for (const sight of window.close(at)) {
          if (this.#isFinal) {
            this.#each((program, slot) => this.#judge.closed(program, group, slot, sight, glance))
          }
        }
    }
    if (this.#isOver(group, at)) this.delete(group)
  }

  /** Judges again what would have fired but for an inhibition that has ended; gives the groups. */
  release(name: string, at: number): readonly Group[] {
    const slot = this.#subscribers.findIndex((program) => program?.rule.name === name)
    const owed = [...this.all()]
      .filter((group) => group.lives?.[slot]?.owed === true)
      // A restart may have them in another order.
      .sort((a, b) => (a.key < b.key ? -1 : 1))
    const glance: Glance = { at, entered: false, trigger: undefined, severity: 0 }
    for (const group of owed) this.#look(group, glance)
    return owed
  }

  /** When time alone changes something about a group next, after it was looked at. */
  nextDue(group: Group, at: number): number | undefined {
    const { window } = group
    let due = this.#hasFlips ? group.flipsAt : Number.POSITIVE_INFINITY
    // Most groups have no life yet.
    for (let slot = 0; slot < (group.lives?.length ?? 0); slot++) {
      const terms = this.#subscribers[slot]?.terms
      if (terms === undefined) continue
      const life = lifeOf(group, slot)
      const moves = lifeDue(life, terms)
      const mayFireAgain = window.size === 0 ? (life.lastFired ?? at) + (terms.oncePer ?? 0) : at
      // What was due already is looked at again when something changes.
      if (moves > at) due = Math.min(due, moves)
      if (mayFireAgain > at) due = Math.min(due, mayFireAgain)
    }
    due = Math.min(due, window.nextExpiry(group.isWatched) ?? due)
    return due === Number.POSITIVE_INFINITY ? undefined : due
  }

  /** Tells the inhibitions again what is firing, and what would. */
  tellLives(): void {
    for (const group of this.all()) {
      if (group.lives !== undefined) this.#each((program, slot) => this.#judge.tell(program, group, slot))
    }
  }

  protected override nameOf(slot: number): string | undefined {
    return this.#subscribers[slot]?.rule.name
  }

  /** Takes groups over; a rule's lives only when `goesOn` says that it judges as it did. */
  restore(snapshots: readonly GroupSnapshot[], goesOn: (program: BoundProgram) => boolean): void {
    for (const snapshot of snapshots) {
      const group = this.restoreGroup(snapshot)
      this.#each((program, slot) => {
        const life = snapshot.lives[program.rule.name]
        if (life !== undefined && goesOn(program)) this.#judge.setLife(program, group, slot, life)
      })
    }
  }

  /** Sees anew what time alone can change: there are other rules now, or none has looked yet. */
  foresee(at: number): void {
    const glance: Glance = { at, entered: false, trigger: undefined, severity: 0 }
    for (const group of this.all()) {
      const { window } = group
      if (window.mode !== 'live') continue
      const row = rowOf(group, window.values, glance)
      this.#planFlips(group, row)
      this.#watch(group, row)
    }
  }

  get #isFinal(): boolean {
    return this.spec.mode === 'paned' && this.spec.final
  }

  #isLate({ time }: WindowInput, at: number): boolean {
    const lateness = this.spec.mode === 'live' ? undefined : this.spec.lateness
    return lateness !== undefined && time <= at - lateness
  }

  #timeOf({ time }: WindowInput, at: number): number {
    return this.spec.mode === 'paned' && this.spec.lateness === undefined ? at : time
  }

  #each(visit: (program: BoundProgram, slot: number) => void): void {
    for (let slot = 0; slot < this.#subscribers.length; slot++) {
      const program = this.#subscribers[slot]
      if (program !== undefined) visit(program, slot)
    }
  }

  /** Judges a live window for every rule. This is the hot path: plain loops, and aggregates worked out once. */
  #look(group: Group, glance: Glance): void {
    const { window } = group
    if (window.mode !== 'live') return
    if (!this.#hasFlips && this.#floors.areAbove(group, window, this.plan)) {
      group.isWatched = false
      return
    }
    const row = rowOf(group, window.values, glance)
    for (let slot = 0; slot < this.#subscribers.length; slot++) {
      const program = this.#subscribers[slot]
      if (program !== undefined) this.#judge.live(program, group, slot, window, row, glance)
    }
    this.#planFlips(group, row)
    this.#watch(group, row)
  }

  /** Most groups neither fire nor are near it: those are only looked at again when they are empty. */
  #watch(group: Group, row: Row): void {
    group.isWatched = false
    for (let slot = 0; slot < this.#subscribers.length && !group.isWatched; slot++) {
      const program = this.#subscribers[slot]
      if (program === undefined) continue
      group.isWatched = lifeOf(group, slot).phase !== 'inactive' || program.risesWhile?.(row) === true
    }
  }

  #judgePositions(group: Group, positions: readonly Position[], glance: Glance): void {
    this.#each((program, slot) => this.#judge.positions(program, group, slot, positions, glance))
  }

  /** Plans the next instant at which a comparison with NOW() changes. */
  #planFlips(group: Group, row: Row): void {
    if (!this.#hasFlips) return
    group.flipsAt = Number.POSITIVE_INFINITY
    if (group.window.size === 0) return
    for (let slot = 0; slot < this.#subscribers.length; slot++) {
      for (const flip of this.#subscribers[slot]?.flips ?? none) {
        const due = flip(row)
        if (due > row.now) group.flipsAt = Math.min(group.flipsAt, due)
      }
    }
  }

  #isOver(group: Group, at: number): boolean {
    return (
      group.window.size === 0 &&
      this.#subscribers.every((program, slot) => {
        const life = lifeOf(group, slot)
        return (
          program === undefined || (life.phase === 'inactive' && mayFire(life, program.terms.oncePer, at))
        )
      })
    )
  }

  /** A group that is forgotten inhibits nothing any more. */
  protected override forgetting(group: Group): void {
    this.#each((program, slot) => {
      if (isActive(lifeOf(group, slot))) this.#judge.setLife(program, group, slot, undefined)
    })
  }
}

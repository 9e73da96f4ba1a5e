/**
 * What the org told of its cases, and what has become durable of it. Each change of a case is a state with a number
 * that runs through all cases; it stands in the subject, so that a payload says which state it is of.
 *
 * @typedef {object} CaseLife
 * @property {number[]} states numbers, in the order of the changes
 * @property {Map<number, number>} places number → place in `states`
 * @property {Set<number>} arrived
 * @property {number} settled how many of `states`, from the first, have arrived or lie before one that has
 * @property {boolean} deleted now
 * @property {number} deletions so far
 * @property {Set<string>} deletionEvents replay ids of those that were told
 * @property {boolean} deletionArrived
 *
 * Events that nobody can have: they name no values, no cases, or their place in the stream is gone. A query alone can tell
 * what they would have told, and it shows only the latest state. So a state of a hole may be missing where it is proved
 * that another one of its case was made before that query: at the latest when the source had passed the hole.
 * @typedef {object} Hole
 * @property {string} kind
 * @property {(number: number) => boolean} lost
 * @property {number} last what was made when it was dug: a position behind this has passed it
 * @property {number | undefined} passed what was made when such a position became durable
 */

/** So many events are looked up by their replay ids. */
const mostNumbers = 20_000

export class Ledger {
  /** @type {Map<string, CaseLife>} */
  cases = new Map()
  /** @type {Hole[]} */
  holes = []
  /** @type {Map<string, number>} replay id → number of the state that its event tells */
  numbers = new Map()
  /** @type {Set<string>} of payloads that show a state without telling it */
  showings = new Set()
  /** @type {Map<string, boolean>} comments and e-mails by `case/own id` → whether they have arrived */
  hangers = new Map()
  /** @type {string[]} */
  disorders = []
  /** @type {string[]} */
  strangers = []
  number = 0
  made = 0
  settled = 0
  payloads = 0
  repeats = 0
  /** Payloads that show a state before the event that tells it. */
  ahead = 0
  /** The number up to which a durable position has got. */
  passed = 0

  /** The next state's number. */
  next() {
    this.number += 1
    return this.number
  }

  /**
   * @param {string} id
   * @param {number} number
   */
  changed(id, number) {
    const life = this.cases.get(id) ?? this.#born(id)
    life.places.set(number, life.states.length)
    life.states.push(number)
    this.made += 1
  }

  /** States of which neither they nor later ones of their case have arrived. */
  get open() {
    return this.made - this.settled
  }

  /**
   * A payload has become durable.
   *
   * @param {import('@andon/core/connector').RawPayload} payload
   */
  arrived({ body }) {
    this.payloads += 1
    const { kind, id, change, record } = /** @type {Record<string, any>} */ (body)
    if (kind !== 'case') {
      if (this.hangers.get(id) === true) this.repeats += 1
      this.hangers.set(id, true)
      return
    }
    const life = this.cases.get(id)
    const number = Number(/^state (\d+)$/.exec(record.Subject)?.[1])
    const place = life?.places.get(number)
    if (life === undefined || place === undefined) {
      if (this.strangers.length < 10) this.strangers.push(`${id} ${record.Subject}`)
      return
    }
    const isGone = /^(GAP_)?DELETE$|^MERGE$/.test(change.type)
    // Of what an event changed elsewhere, and of what is deleted, the state is that of a later reading.
    const isTold = change.fields?.includes('Subject') === true || !(isGone || change.type === 'UPDATE')
    if (isGone) life.deletionArrived = true
    if (isTold) {
      if (change.replayId !== undefined && !change.type.startsWith('GAP_'))
        this.#name(change.replayId, number)
      this.#told(id, life, number, place)
      return
    }
    const showing = `${id} ${change.replayId ?? change.at}`
    if (this.showings.has(showing)) this.repeats += 1
    else if (place < life.settled - 1) this.#disorder(`${id}: ${change.type} shows state ${number}`, life)
    this.showings.add(showing)
    if (isGone) this.#deleted(life, change.replayId)
    else if (place >= life.settled) this.ahead += 1
    this.#shown(life, number)
  }

  /**
   * A position has become durable, and all that came before it.
   *
   * @param {import('@andon/core/connector').Position} position
   */
  reached({ replayId }) {
    const number = this.numbers.get(String(replayId))
    if (number === undefined) return
    this.passed = Math.max(this.passed, number)
    for (const hole of this.holes) if (number > hole.last) hole.passed ??= this.number
  }

  /**
   * @param {string} replayId
   * @param {number} number
   */
  #name(replayId, number) {
    this.numbers.set(replayId, number)
    if (this.numbers.size <= mostNumbers) return
    for (const oldest of this.numbers.keys()) {
      this.numbers.delete(oldest)
      return
    }
  }

  /**
   * @param {string} what
   * @param {CaseLife} life
   */
  #disorder(what, life) {
    if (this.disorders.length < 10) this.disorders.push(`${what} after ${life.states[life.settled - 1]}`)
  }

  /**
   * A payload whose state this is.
   *
   * @param {string} id
   * @param {CaseLife} life
   * @param {number} number
   * @param {number} place
   */
  #told(id, life, number, place) {
    const isNew = !life.arrived.has(number)
    if (!isNew) this.repeats += 1
    else if (place < life.settled) this.#disorder(`${id}: state ${number} comes`, life)
    life.arrived.add(number)
    if (place >= life.settled) this.#settle(life, place + 1)
  }

  /**
   * A payload of something else that shows the case as it was read: this state has come, but perhaps ahead of others.
   *
   * @param {CaseLife} life
   * @param {number} number
   */
  #shown(life, number) {
    life.arrived.add(number)
    this.#settle(life, life.settled)
  }

  /**
   * @param {CaseLife} life
   * @param {number} upTo places; and on over what has come already
   */
  #settle(life, upTo) {
    let settled = upTo
    while (life.arrived.has(life.states[settled] ?? -1)) settled += 1
    this.settled += settled - life.settled
    life.settled = settled
  }

  /**
   * @param {CaseLife} life
   * @param {string | undefined} replayId of the event that told it; none where a query did
   */
  #deleted(life, replayId) {
    if (replayId !== undefined) life.deletionEvents.add(replayId)
    // With its last deletion told nothing more comes of it.
    if (!life.deleted || (replayId !== undefined && life.deletionEvents.size < life.deletions)) return
    this.#settle(life, life.states.length)
  }

  /**
   * The events of these states have no values, or none of their cases.
   *
   * @param {string} kind
   * @param {readonly number[]} numbers
   */
  hole(kind, numbers) {
    const lost = new Set(numbers)
    this.holes.push({ kind, lost: (number) => lost.has(number), last: this.number, passed: undefined })
  }

  /**
   * The stream begins at its end again: whatever is not durable by then, and is made before it begins, has no event.
   *
   * @param {string} kind
   */
  breach(kind) {
    const durable = this.passed
    /** @type {Hole} */
    const hole = {
      kind,
      lost: (number) => number > durable && number <= (hole.passed ?? this.number),
      last: this.number,
      passed: undefined,
    }
    this.holes.push(hole)
  }

  /** Whether the source has still to get past events that tell nothing. */
  get inHole() {
    return this.holes.some(({ passed }) => passed === undefined)
  }

  /** Everything that is wrong in the end, and how much could not be had, by why. */
  findings() {
    /** @type {string[]} */
    const missing = []
    /** @type {Record<string, number>} */
    const excused = {}
    for (const [id, { states, arrived, deleted, deletionArrived }] of this.cases) {
      for (const [place, number] of states.entries()) {
        if (arrived.has(number)) continue
        const next = states[place + 1]
        const hole = this.holes.find(
          ({ lost, passed = this.number }) => lost(number) && next !== undefined && next <= passed,
        )
        if (hole !== undefined) excused[hole.kind] = (excused[hole.kind] ?? 0) + 1
        else if (missing.length < 10) {
          const when = this.holes
            .filter(({ lost }) => lost(number))
            .map(({ kind, passed }) => `${kind} until ${passed}`)
          missing.push(
            `${id}: state ${number} (${place + 1} of ${states.length}), next ${next}; ${when.join(', ') || 'no hole'}`,
          )
        }
      }
      if (deleted && !deletionArrived) missing.push(`${id}: nobody told that it was deleted`)
    }
    for (const [id, came] of this.hangers) if (!came) missing.push(`${id} never came`)
    return { missing, excused, disorders: this.disorders, strangers: this.strangers }
  }

  /**
   * @param {string} id
   * @returns {CaseLife}
   */
  #born(id) {
    const life = {
      ...{ states: [], places: new Map(), arrived: new Set(), settled: 0 },
      ...{ deleted: false, deletions: 0, deletionEvents: new Set(), deletionArrived: false },
    }
    this.cases.set(id, life)
    return life
  }
}

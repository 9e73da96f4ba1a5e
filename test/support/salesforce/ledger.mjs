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
 * While events were lost on purpose, only the latest state of each case can be had: what lies before it may be missing.
 * @typedef {{ kind: string, from: number, upTo: number, rounds: number, to: number | undefined }} Window
 */

/** The ends of a window: what was read by queries is handed on only some changes later. */
const rounds = 3

export class Ledger {
  /** @type {Map<string, CaseLife>} */
  cases = new Map()
  /** @type {Window[]} */
  windows = []
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
  /** States that an event told after a query had told a later one, while there were queries beside the stream. */
  overlaps = 0

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
    if (isTold) this.#told(id, life, number, place)
    else {
      if (isGone) this.#deleted(life, change.replayId)
      else if (place >= life.settled) this.ahead += 1
      this.#shown(life, number)
    }
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
    // A query reads ahead of the stream, and stamps of whole seconds do not always say by how much.
    else if (place < life.settled && this.#isWithin(number)) this.overlaps += 1
    else if (place < life.settled && this.disorders.length < 10) {
      this.disorders.push(`${id}: state ${number} comes after ${life.states[life.settled - 1]}`)
    }
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
   * From now until what is told now has arrived, only the latest states can be had.
   *
   * @param {string} kind
   */
  openWindow(kind) {
    const from = this.#firstOpen() ?? this.number + 1
    this.windows.push({ kind, from, upTo: this.number, rounds, to: undefined })
  }

  /** Ends the windows whose time has come. Cheap where none is open. */
  closeWindows() {
    const waiting = this.windows.filter(({ to }) => to === undefined)
    if (waiting.length === 0) return
    const first = this.#firstOpen() ?? this.number + 1
    for (const window of waiting) {
      if (first <= window.upTo) continue
      window.rounds -= 1
      // Something more must be told before the next round can end.
      window.upTo = this.number + 1
      if (window.rounds < 0) window.to = this.number
    }
  }

  /** Whether events are being lost on purpose now. */
  get inWindow() {
    return this.windows.some(({ to }) => to === undefined)
  }

  /** Everything that is wrong in the end, and how much could not be had. */
  findings() {
    /** @type {string[]} */
    const missing = []
    let excused = 0
    let lost = 0
    for (const [id, { states, arrived, deleted, deletionArrived }] of this.cases) {
      for (const [place, number] of states.entries()) {
        if (arrived.has(number)) continue
        const later = (deleted && deletionArrived) || states.slice(place + 1).some((one) => arrived.has(one))
        if (later && this.#isWithin(number)) excused += 1
        else {
          lost += 1
          if (missing.length < 10) missing.push(`${id}: state ${number} (${place + 1} of ${states.length})`)
        }
      }
      if (deleted && !deletionArrived) missing.push(`${id}: nobody told that it was deleted`)
    }
    for (const [id, came] of this.hangers) if (!came) missing.push(`${id} never came`)
    return { missing, lost, excused, disorders: this.disorders, strangers: this.strangers }
  }

  /** @param {number} number */
  #isWithin(number) {
    return this.windows.some(({ from, to = this.number }) => number >= from && number <= to)
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

  /** The smallest number that is open. */
  #firstOpen() {
    let first
    for (const { states, settled } of this.cases.values()) {
      const number = states[settled]
      if (number !== undefined && (first === undefined || number < first)) first = number
    }
    return first
  }
}

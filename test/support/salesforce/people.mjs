const origins = ['Phone', 'Email', 'Web', 'Chat', 'SMS']
const statuses = ['New', 'Working', 'Escalated', 'Closed']

/**
 * The people of a company at work on their cases: each call is one transaction.
 *
 * @param {import('@andon/testkit').Salesforce} salesforce
 * @param {import('./ledger.mjs').Ledger} ledger
 * @param {() => number} random
 */
export function peopleAtWork(salesforce, ledger, random) {
  /** @type {string[]} cases that are not deleted */
  const live = []
  /** @type {string[]} */
  const gone = []
  const whole = (/** @type {number} */ below) => Math.floor(random() * below)
  const one = (/** @type {readonly string[]} */ of) => of[whole(of.length)] ?? ''
  const fields = () => ({
    Origin: one(origins),
    ...(random() < 0.2 ? { Status: one(statuses) } : {}),
    ...(random() < 0.1 ? { Description: 'It leaks. '.repeat(1 + whole(30)) } : {}),
    ...(random() < 0.1 ? { Lot__c: random() < 0.5 ? null : `L-${whole(100)}` } : {}),
  })
  const subject = (/** @type {number} */ number) => ({ Subject: `state ${number}` })

  const create = () => {
    const number = ledger.next()
    const id = salesforce.create('Case', { ...fields(), ...subject(number) })
    ledger.changed(id, number)
    live.push(id)
    return id
  }
  /** @param {string} id @param {import('@andon/testkit').ChangeOptions} [options] */
  const change = (id, options) => {
    const number = ledger.next()
    salesforce.update('Case', id, { ...fields(), ...subject(number) }, options)
    ledger.changed(id, number)
    return number
  }
  const update = () => change(one(live))
  /** A change that is told without its values, and often another one right behind it: the number of its state. */
  const gap = () => {
    const id = one(live)
    const number = change(id, { gap: true })
    if (random() < 0.5) change(id)
    return number
  }
  /** Several cases in one transaction; where all become alike, one event tells of them. */
  const several = () => {
    const alike = random() < 0.5
    const ids = [...new Set([one(live), one(live), one(live)])]
    const same = { ...subject(ledger.next()), Status: one(statuses) }
    salesforce.transaction((change) => {
      for (const id of ids) {
        const number = alike ? ledger.number : ledger.next()
        change.update('Case', id, alike ? same : { ...fields(), ...subject(number) })
        ledger.changed(id, number)
      }
    })
  }
  /** So many changes of which nothing is told: the numbers of their states. @param {number} count */
  const overflow = (count) => {
    /** @type {number[]} */
    const numbers = []
    salesforce.events.overflow((change) => {
      for (let left = count; left > 0; left -= 1) {
        const id = one(live)
        const number = ledger.next()
        change.update('Case', id, subject(number))
        ledger.changed(id, number)
        numbers.push(number)
      }
    })
    return numbers
  }
  /** @param {string} id */
  const lost = (id) => {
    live.splice(live.indexOf(id), 1)
    gone.push(id)
    const life = ledger.cases.get(id)
    // What was said on it goes with it; whether somebody read it before is luck.
    for (const [key, came] of ledger.hangers) if (!came && key.startsWith(id)) ledger.hangers.delete(key)
    if (life !== undefined) {
      Object.assign(life, { deleted: true, deletionArrived: false, deletions: life.deletions + 1 })
    }
  }
  const remove = () => {
    const id = one(live)
    salesforce.delete('Case', id)
    lost(id)
  }
  const restore = () => {
    const id = gone.pop()
    if (id === undefined) return
    salesforce.undelete('Case', id)
    live.push(id)
    const life = ledger.cases.get(id)
    if (life !== undefined) life.deleted = false
  }
  const merge = () => {
    const [master, loser] = [one(live), one(live)]
    if (master === loser) return
    salesforce.merge('Case', master, [loser])
    lost(loser)
  }
  const say = () => {
    const parent = one(live)
    const email = random() < 0.5
    const id = email
      ? salesforce.create('EmailMessage', { ParentId: parent, Incoming: true, TextBody: 'It still leaks.' })
      : salesforce.create('CaseComment', { ParentId: parent, CommentBody: 'It still leaks.' })
    ledger.hangers.set(`${parent}/${id}`, false)
  }

  return {
    gap,
    overflow,
    /** A new case that nobody changes any more: its id. */
    customer() {
      const id = create()
      live.pop()
      return id
    },
    /** One change of any kind. */
    change() {
      const drawn = random()
      if (drawn < 0.15 || live.length < 50) create()
      else if (drawn < 0.93) update()
      else if (drawn < 0.98) several()
      else if (drawn < 0.985) say()
      else if (drawn < 0.99) remove()
      else if (drawn < 0.995) restore()
      else merge()
    },
  }
}

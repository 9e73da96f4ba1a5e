import { createMatcher, parseRules } from '@andon/core/rule'
import { ruleText } from './lib/rule-condition.ts'
import { andon, feedbackOf } from './lib/rule-engines/andon.ts'
import { celJs } from './lib/rule-engines/cel-js.ts'
import { closures } from './lib/rule-engines/closures.ts'
import type { Engine } from './lib/rule-engines/engine.ts'
import { jsonRulesEngine } from './lib/rule-engines/json-rules-engine.ts'
import { nodeRulesEngine } from './lib/rule-engines/node-rules.ts'
import { zenEngine } from './lib/rule-engines/zen-engine.ts'
import { type RuleSet, ruleSet, type SetName } from './lib/rule-sets.ts'

// One cell of `rules`, in a process of its own: one engine with one set of rules, or how fast rules come and go.
const args = JSON.parse(process.argv[2] ?? '{}') as {
  mode: 'match' | 'change'
  engine: string
  set: SetName
  count: number
  /** CPU-seconds to measure, after as many for warming up. */
  seconds: number
}
const engines: Readonly<Record<string, unknown>> = {
  andon,
  closures,
  'json-rules-engine': jsonRulesEngine,
  'zen-engine': zenEngine,
  'node-rules': nodeRulesEngine,
  'cel-js': celJs,
}
/** So many events are counted by every engine, events that meet a rule if there are some: the counts must be the same. */
const checkedEvents = 2

const cpuSeconds = (): number => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}

async function match({ conditions, events: facts }: RuleSet): Promise<Record<string, number>> {
  const engine = engines[args.engine] as Engine
  const events = facts.map((one) => engine.event(one))
  const count = engine.load(conditions)
  let found = 0
  /** Asks about events, from one of them on, until the time is over; at least about one. */
  const ask = async (from: number, seconds: number, atLeast: number): Promise<number> => {
    const end = cpuSeconds() + seconds
    let asked = 0
    // The clock is looked at after 1, 2, 4 … events, so that looking costs nothing.
    for (let batch = 1; asked < atLeast || cpuSeconds() < end; batch = Math.min(1024, batch * 2)) {
      for (let i = 0; i < batch; i++) {
        const answer = count(events[(from + asked++) % events.length])
        found += typeof answer === 'number' ? answer : await answer
      }
    }
    return asked
  }
  const plain = closures.load(conditions)
  const meeting = facts.slice(0, 200).flatMap((one, i) => (plain(one) === 0 ? [] : [i]))
  const loaded = cpuSeconds()
  for (const i of [...meeting, 0, 1].slice(0, checkedEvents)) found += await count(events[i])
  const checked = found
  if (cpuSeconds() - loaded < args.seconds) await ask(0, args.seconds, 1)
  found = 0
  const start = cpuSeconds()
  const asked = await ask(0, args.seconds, 3)
  const seconds = cpuSeconds() - start
  return { eventsPerCpuSecond: asked / seconds, checked, matchesPerEvent: found / asked }
}

/** Loading the rules from their text up to the first answer, then removing and adding one and asking again. */
function change({ conditions, events }: RuleSet): Record<string, number> {
  const now = Date.UTC(2026, 2, 1, 8)
  const text = ruleText(conditions)
  const feedback = events.map(feedbackOf)
  const first = feedback[0]
  if (first === undefined) throw new Error('a rule set has events')
  const loadStart = cpuSeconds()
  const rules = parseRules(text)
  const parsed = cpuSeconds()
  const matcher = createMatcher(rules)
  matcher.match(first, { now })
  const loaded = cpuSeconds()
  const changes = (from: number, to: number): number => {
    const start = cpuSeconds()
    for (let i = from; i < to; i++) {
      const rule = rules[(i * 7919) % rules.length]
      const one = feedback[i % feedback.length]
      if (rule === undefined || one === undefined) continue
      matcher.remove(rule.name)
      matcher.add(rule)
      matcher.match(one, { now })
    }
    return ((cpuSeconds() - start) / (to - from)) * 1e6
  }
  changes(0, 2000)
  return {
    parseSeconds: parsed - loadStart,
    loadSeconds: loaded - loadStart,
    changeMicroseconds: changes(2000, 6000),
  }
}

const set = ruleSet(args.set, args.count)
process.stdout.write(JSON.stringify(args.mode === 'match' ? await match(set) : change(set)))

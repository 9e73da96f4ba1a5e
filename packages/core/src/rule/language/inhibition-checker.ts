import type { DiagnosticInit, DiagnosticList } from './diagnostics.js'
import type { ParsedRule } from './parsed-rule.js'
import { candidateRank, candidates, suggest } from './suggest.js'

/**
 * Checks INHIBITED BY across the rules of a text.
 * @param elsewhere names of rules that are defined elsewhere; undefined when nobody knows them, so that an
 *   unknown name is no mistake
 */
export function checkInhibitions(
  parsed: readonly ParsedRule[],
  diagnostics: DiagnosticList,
  elsewhere: readonly string[] | undefined,
): void {
  if (parsed.every(({ rule }) => rule.inhibitedBy === undefined)) return
  const byName = new Map(parsed.map((one) => [one.rule.name, one]))
  const others = new Set(elsewhere)
  for (const { rule, places } of parsed) {
    const seen = new Set<string>()
    rule.inhibitedBy?.forEach((name, index) => {
      const place = places.inhibitedBy?.[index]
      if (place === undefined || diagnostics.full) return
      const report = (init: DiagnosticInit): void => diagnostics.add(place.source, place.span, init)
      const known = byName.get(name)
      if (seen.has(name)) report(twice(name))
      else if (name === rule.name) report(itself)
      else if (known === undefined) {
        if (elsewhere !== undefined && !others.has(name)) report(unknown(name, [...byName.keys(), ...others]))
      } else if (known.rule.having === undefined && known.complete) report(neverFiring(name))
      seen.add(name)
    })
  }
  reportCycles(parsed, byName, diagnostics)
}

const twice = (name: string): DiagnosticInit => ({
  code: 'duplicate',
  message: { en: `${name} is named twice`, zh: `${name} 重复` },
})

const itself: DiagnosticInit = {
  code: 'not-allowed-here',
  message: { en: 'a rule cannot inhibit itself', zh: '规则不能抑制自身' },
}

const unknown = (name: string, names: readonly string[]): DiagnosticInit => ({
  code: 'unknown-name',
  message: { en: `there is no rule ${name}`, zh: `没有规则 ${name}` },
  suggestion: suggest(name, candidates(names, candidateRank.field)),
})

const neverFiring = (name: string): DiagnosticInit => ({
  code: 'not-allowed-here',
  message: {
    en: `${name} has no HAVING and so is never firing for a while; only rules with HAVING inhibit others`,
    zh: `${name} 没有 HAVING，不存在持续的触发状态；只有带 HAVING 的规则才能抑制其他规则`,
  },
})

/** Two rules that silence one another, directly or in a round, would silence both problems. One report a round. */
function reportCycles(
  parsed: readonly ParsedRule[],
  byName: ReadonlyMap<string, ParsedRule>,
  diagnostics: DiagnosticList,
): void {
  const done = new Set<string>()
  for (const { rule } of parsed) {
    if (diagnostics.full) return
    /** From the rule where the search began to the one it looks at, each with the inhibitors still to be seen. */
    const path: { readonly name: string; next: number }[] = []
    const onPath = new Set<string>()
    const enter = (name: string): void => {
      path.push({ name, next: 0 })
      onPath.add(name)
    }
    if (!done.has(rule.name)) enter(rule.name)
    for (let at = path.at(-1); at !== undefined; at = path.at(-1)) {
      const one = byName.get(at.name)
      const index = at.next++
      const next = one?.rule.inhibitedBy?.[index]
      if (next === undefined) {
        done.add(at.name)
        onPath.delete(at.name)
        path.pop()
      } else if (onPath.has(next) && next !== at.name) {
        const round = [
          ...path.slice(path.findIndex(({ name }) => name === next)).map(({ name }) => name),
          next,
        ]
        const place = one?.places.inhibitedBy?.[index]
        if (place !== undefined) diagnostics.add(place.source, place.span, inCircle(round))
      } else if (!done.has(next) && next !== at.name && byName.has(next)) enter(next)
    }
  }
}

const inCircle = (round: readonly string[]): DiagnosticInit => ({
  code: 'not-allowed-here',
  message: {
    en: `these rules inhibit one another in a circle: ${round.join(' ← ')}`,
    zh: `这些规则循环抑制：${round.join(' ← ')}`,
  },
})

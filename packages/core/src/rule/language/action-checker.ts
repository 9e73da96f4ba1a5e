import type { RuleAction } from '../ast.js'
import { type ActionKindSpec, standardActionKinds } from './action-kinds.js'
import type { DiagnosticList } from './diagnostics.js'
import type { ActionPlaces, Located } from './parsed-rule.js'
import { candidateRank, candidates, suggest } from './suggest.js'

export interface CheckOptions {
  /** The action kinds there are, with their parameters where they are known; the ten standard ones by default. */
  readonly kinds?: readonly (string | ActionKindSpec)[]
  /** The names under which targets were given to `createAndon`; unchecked when absent. */
  readonly targets?: readonly string[]
  /** Names of rules defined elsewhere, which INHIBITED BY may name. */
  readonly rules?: readonly string[]
  /** The columns by whose values feedback is spread over partitions: rules that cross them get a warning. */
  readonly partitionedBy?: readonly string[]
}

/** Checks what can be said of an action without its values: kind, parameter names, target, priority. */
export function checkAction(
  action: RuleAction,
  places: ActionPlaces,
  diagnostics: DiagnosticList,
  options: CheckOptions,
): void {
  const { kinds = standardActionKinds } = options
  const known = kinds.find((kind) => kindName(kind) === action.kind)
  if (known === undefined) {
    const names = kinds.map(kindName)
    unknown(places.kind, diagnostics, action.kind, names, candidateRank.kind, {
      en: 'there is no action kind',
      zh: '没有动作类型',
    })
  } else if (typeof known !== 'string') {
    checkParameterNames(known, places, diagnostics)
  }
  if (action.target !== undefined && places.target !== undefined && options.targets !== undefined) {
    if (!options.targets.includes(action.target)) {
      unknown(places.target, diagnostics, action.target, options.targets, candidateRank.target, {
        en: 'there is no target',
        zh: '没有目标系统',
      })
    }
  }
  const { priority } = action
  if (
    priority !== undefined &&
    places.priority !== undefined &&
    !(Number.isInteger(priority) && priority >= 1 && priority <= 9)
  ) {
    diagnostics.add(places.priority.source, places.priority.span, {
      code: 'wrong-value',
      message: {
        en: 'a priority is a whole number from 1 (first) to 9',
        zh: '优先级是 1（最先）到 9 的整数',
      },
    })
  }
}

const kindName = (kind: string | ActionKindSpec): string => (typeof kind === 'string' ? kind : kind.kind)

function unknown(
  place: Located,
  diagnostics: DiagnosticList,
  name: string,
  names: readonly string[],
  rank: number,
  thereIsNo: { readonly en: string; readonly zh: string },
): void {
  const all = names.join(', ')
  const list =
    names.length === 0 || names.length > 12
      ? { en: '', zh: '' }
      : { en: `; there are ${all}`, zh: `；已有：${all}` }
  diagnostics.add(place.source, place.span, {
    code: 'unknown-name',
    message: { en: `${thereIsNo.en} ${name}${list.en}`, zh: `${thereIsNo.zh} ${name}${list.zh}` },
    suggestion: suggest(name, candidates(names, rank)),
  })
}

function checkParameterNames(kind: ActionKindSpec, places: ActionPlaces, diagnostics: DiagnosticList): void {
  if (kind.params !== undefined) {
    for (const [name, place] of places.params) {
      if (kind.params.includes(name)) continue
      unknown(place, diagnostics, name, kind.params, candidateRank.parameter, {
        en: `${kind.kind} has no parameter`,
        zh: `${kind.kind} 没有参数`,
      })
    }
  }
  const missing = (kind.required ?? []).filter((name) => !places.params.has(name))
  const choices = kind.oneOf ?? []
  if (missing.length > 0) need(missing.join(', '), missing.join(', '))
  if (choices.length > 0 && !choices.some((name) => places.params.has(name))) {
    need(choices.join(' or '), choices.join(' 或 '))
  }

  function need(en: string, zh: string): void {
    diagnostics.add(places.kind.source, places.kind.span, {
      code: 'wrong-value',
      message: { en: `${kind.kind} needs ${en}`, zh: `${kind.kind} 需要参数 ${zh}` },
    })
  }
}

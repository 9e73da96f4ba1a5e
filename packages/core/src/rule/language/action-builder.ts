import type { RuleAction } from '../ast.js'
import type { DefinitionReader } from './definition-reader.js'
import type { ActionPlaces } from './parsed-rule.js'
import type { ActionDefinition } from './rule-definition.js'

/** @param path of the action, e.g. `actions[0]` */
export function buildAction(
  { kind, target, priority, params: given = {} }: ActionDefinition,
  path: string,
  reader: DefinitionReader,
): { readonly action: RuleAction; readonly places: ActionPlaces } {
  const params = Object.entries(given).map(([name, input]) => ({
    name,
    ...reader.expression(input, `${path}.params.${name}`),
  }))
  return {
    action: {
      kind,
      params: Object.fromEntries(params.map(({ name, expression }) => [name, expression])),
      ...(target === undefined ? {} : { target }),
      ...(priority === undefined ? {} : { priority }),
      span: { start: 0, end: 0 },
    },
    places: {
      kind: reader.whole(kind, `${path}.kind`),
      ...(target === undefined ? {} : { target: reader.whole(target, `${path}.target`) }),
      ...(priority === undefined ? {} : { priority: reader.whole(String(priority), `${path}.priority`) }),
      params: new Map(
        params.map(({ name, source }) => [name, { source, span: { start: 0, end: source.text.length } }]),
      ),
    },
  }
}

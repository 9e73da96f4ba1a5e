import type { WindowClause } from '../ast.js'
import type { DefinitionReader } from './definition-reader.js'
import type { WindowPlaces } from './parsed-rule.js'
import type { WindowDefinition } from './rule-definition.js'

/** A window of a definition, without a clause when its length cannot be read. */
export function buildWindow(
  window: WindowDefinition,
  reader: DefinitionReader,
): { readonly clause?: WindowClause; readonly places: WindowPlaces } {
  if ('count' in window) {
    return {
      clause: { kind: 'count', count: window.count },
      places: { size: reader.whole(String(window.count), 'window.count') },
    }
  }
  const [kind, text] = kindOf(window)
  const { value: size, place } = reader.length(text, `window.${kind}`)
  const lateness =
    window.onEventTime === undefined
      ? undefined
      : reader.length(window.onEventTime.lateness, 'window.onEventTime.lateness')
  const final = 'emitFinal' in window && window.emitFinal === true
  const places: WindowPlaces = {
    size: place,
    ...(lateness === undefined ? {} : { eventTime: lateness.place, lateness: lateness.place }),
    ...(final ? { final: reader.whole('true', 'window.emitFinal') } : {}),
  }
  if (size === undefined) return { places }
  return {
    clause: {
      kind,
      size,
      ...(lateness?.value === undefined ? {} : { lateness: lateness.value }),
      ...(final ? { final } : {}),
    },
    places,
  }
}

function kindOf(
  window: Exclude<WindowDefinition, { readonly count: number }>,
): readonly ['sliding' | 'tumbling' | 'session', string] {
  if ('sliding' in window) return ['sliding', window.sliding]
  return 'tumbling' in window ? ['tumbling', window.tumbling] : ['session', window.session]
}

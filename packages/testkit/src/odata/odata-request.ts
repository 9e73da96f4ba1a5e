import type { SimulatorRequest } from '../simulator/exchange.js'
import { malformed } from './literals.js'
import type { RuleContext, Service } from './model.js'
import type { ODataProblem } from './problem.js'
import type { Notation } from './values.js'

/** One request to a service, alone or from within a batch. */
export interface ODataRequest {
  readonly method: string
  /** Below the service's root, percent-encoded, without a slash in front. */
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: SimulatorRequest['headers']
  readonly text: string
}

/** What answering needs to know besides the request. */
export interface ServiceContext {
  readonly service: Service
  readonly rules: RuleContext
  /** e.g. `http://127.0.0.1:40123`, for the addresses in answers. */
  readonly origin: string
  /** At most so many entities in one answer; the rest by a link to the next page. */
  readonly pageSize: number
  /** An entity that a V2 function returns is the `d` itself, or `d` has it under the function's name. */
  readonly functionResults: 'plain' | 'named'
  /** What a request within a batch is answered instead of what it asks for; undefined where it is done as ever. */
  readonly partFault?: ((part: ODataRequest) => ODataProblem | undefined) | undefined
}

const asText = /IEEE754Compatible=true/i

/** How the answer writes its values. */
export const answerNotation = ({ service }: ServiceContext, { headers }: ODataRequest): Notation => ({
  version: service.version,
  decimalsAsText: asText.test(headers.accept ?? ''),
})

/** How the body writes its values. */
export const bodyNotation = ({ service }: ServiceContext, { headers }: ODataRequest): Notation => ({
  version: service.version,
  decimalsAsText: asText.test(headers['content-type'] ?? ''),
})

/** A whole number from 0 on; undefined when the option is not given. */
export function countOption(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name)
  if (text === null) return undefined
  if (!/^\d{1,9}$/.test(text)) throw malformed(`${name}=${text}`)
  return Number(text)
}

const known: Readonly<Record<Service['version'], readonly string[]>> = {
  2: ['$filter', '$select', '$top', '$skip', '$orderby', '$expand', '$inlinecount', '$format', '$skiptoken'],
  4: ['$filter', '$select', '$top', '$skip', '$orderby', '$expand', '$count', '$format', '$skiptoken'],
}

/** Options that start with `$` are OData's own; a service that does not know one says so. */
export function checkOptions(query: URLSearchParams, version: Service['version']): void {
  const stranger = [...query.keys()].find((name) => name.startsWith('$') && !known[version].includes(name))
  if (stranger !== undefined) throw malformed(`system query option ${stranger}`)
}

import { jsonAnswer, type SimulatorAnswer } from '../simulator/exchange.js'
import { answerBatch } from './batch.js'
import { metadataXml } from './metadata.js'
import type { ODataRequest, ServiceContext } from './odata-request.js'
import { ODataProblem, problemAnswer } from './problem.js'
import { read, versionHeader } from './read.js'
import { resourceAt } from './resource-path.js'
import { callFunction, create, update } from './write.js'

const notAllowed = (): ODataProblem =>
  new ODataProblem(405, '/IWFND/CM_MGW/405', 'The method is not allowed for this resource')

/** PATCH, MERGE, and POST with `X-HTTP-Method` are one thing. */
function methodOf({ method, headers }: ODataRequest): string {
  const tunnelled = headers['x-http-method']
  const asked = method === 'POST' && typeof tunnelled === 'string' ? tunnelled.toUpperCase() : method
  if (asked === 'MERGE') return 'PATCH'
  return asked === 'HEAD' ? 'GET' : asked
}

function acceptsJson({ headers, query }: ODataRequest): boolean {
  const { accept = '*/*' } = headers
  return query.get('$format') === 'json' || /application\/json|\*\/\*/i.test(accept)
}

function serviceDocument(context: ServiceContext): SimulatorAnswer {
  const names = Object.keys(context.service.sets)
  const body =
    context.service.version === 2
      ? { d: { EntitySets: names } }
      : {
          '@odata.context': '$metadata',
          value: names.map((name) => ({ name, kind: 'EntitySet', url: name })),
        }
  return jsonAnswer(200, body, versionHeader(context))
}

/** Answers one request, alone or from within a batch. Throws an {@link ODataProblem}. */
function dispatch(context: ServiceContext, request: ODataRequest): SimulatorAnswer {
  const resource = resourceAt(context.service, request.path)
  const method = methodOf(request)
  if (resource.kind === 'metadata') {
    return {
      status: 200,
      headers: { 'content-type': 'application/xml', ...versionHeader(context) },
      text: metadataXml(context.service),
    }
  }
  if (resource.kind === 'batch') {
    if (method !== 'POST') throw notAllowed()
    return answerBatch(context, request, (one) => {
      const fault = context.partFault?.(one)
      return fault === undefined ? answerOData(context, one) : problemAnswer(context.service.version, fault)
    })
  }
  if (!acceptsJson(request)) throw new ODataProblem(406, '/IWFND/CM_MGW/406', 'Only JSON is spoken here')
  switch (resource.kind) {
    case 'service':
      if (method !== 'GET') throw notAllowed()
      return serviceDocument(context)
    case 'function':
      if (method !== 'POST') throw notAllowed()
      return callFunction(context, request, resource.name, resource.definition)
    case 'set':
      if (method === 'POST' && !resource.count) return create(context, request, resource.set)
      if (method !== 'GET') throw notAllowed()
      return read(context, request, resource)
    case 'entity':
      if (method === 'PATCH') return update(context, request, resource.set, resource.key)
      if (method !== 'GET') throw notAllowed()
      return read(context, request, resource)
    case 'navigation':
      if (method !== 'GET') throw notAllowed()
      return read(context, request, resource)
  }
}

/** Answers one request; what the service refuses is an answer too. */
export function answerOData(context: ServiceContext, request: ODataRequest): SimulatorAnswer {
  try {
    return dispatch(context, request)
  } catch (error) {
    if (!(error instanceof ODataProblem)) throw error
    return problemAnswer(context.service.version, error)
  }
}

import type * as z from 'zod'
import type { Floor } from '../plant/floor.js'
import { matchSegments, Refusal } from '../plant/route.js'
import * as told from './contract-answers.js'
import * as asked from './contract-bodies.js'

/** The same thing, asked of the floor in its own words. */
interface FloorRequest {
  readonly method: 'POST' | 'PUT'
  readonly path: string
  readonly body: unknown
}

/** One operation of the contract. */
export interface Operation {
  /** Its operationId. */
  readonly name: string
  readonly method: 'POST' | 'PUT'
  /** `:` stands for one id. */
  readonly segments: readonly string[]
  readonly isWrite: boolean
  /** @throws Refusal when the body is not one of the contract */
  readonly toFloor: (floor: Floor, ids: readonly string[], body: unknown) => FloorRequest
  /** Where the floor would be asked, with `:` for the ids. */
  readonly floorSegments: readonly string[]
  readonly answer: z.ZodType<object>
}

const segmentsOf = (path: string): readonly string[] => path.split('/').slice(1)

function checked<B>(schema: z.ZodType<B>, body: unknown): B {
  const result = schema.safeParse(body)
  if (result.success) return result.data
  const issue = result.error.issues[0]
  const unknown = issue?.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : []
  const field = [...(issue?.path ?? []), ...unknown].join('.') || 'body'
  throw new Refusal(422, 'invalid', {
    en: `${field}: ${issue?.message ?? 'not as expected'}`,
    zh: `${field}：不符合要求`,
  })
}

/** @param paths of the contract and of the floor: the ids stand in the same order */
function operation<B extends object>(
  name: string,
  [method, path, floorPath]: readonly ['POST' | 'PUT', string, string],
  schema: z.ZodType<B>,
  answer: z.ZodType<object>,
  bodyOf: (body: B, floor: Floor, ids: readonly string[]) => object = (body) => ({ ...body }),
  isWrite = true,
): Operation {
  const floorSegments = segmentsOf(floorPath)
  return {
    ...{ name, method, segments: segmentsOf(path), isWrite, floorSegments, answer },
    toFloor(floor, ids, body) {
      const left = [...ids]
      const parts = floorSegments.map((part) =>
        encodeURIComponent(part === ':' ? (left.shift() ?? '') : part),
      )
      return { method, path: `/${parts.join('/')}`, body: bodyOf(checked(schema, body), floor, ids) }
    },
  }
}

const aboutLot = <B extends { lot?: string | undefined }>({ lot, ...body }: B): object => ({
  ...body,
  ...(lot !== undefined && { batch: lot }),
})

const ofHold = <B extends { heldBy?: string | undefined }>({ heldBy, ...body }: B): object => ({
  ...body,
  ...(heldBy !== undefined && { hold: heldBy }),
})

/** The writer's own range; the machine's is the floor's. */
function parameterBody({ bounds, validForSeconds, ...body }: z.infer<typeof asked.parameterChange>): object {
  const { low = Number.NEGATIVE_INFINITY, high = Number.POSITIVE_INFINITY, ...rest } = bounds
  if (body.restores === undefined && (body.value < low || body.value > high)) {
    throw new Refusal(422, 'out_of_limits', {
      en: `${body.value} lies outside the writer's own ${low}…${high} ${body.unit}`,
      zh: `${body.value} 超出写入方自身的范围 ${low}…${high} ${body.unit}`,
    })
  }
  const expiry = validForSeconds === undefined ? {} : { expiry: `${validForSeconds} s` }
  return { ...body, bounds: rest, ...expiry }
}

export const operations: readonly Operation[] = [
  operation('holdLot', ['POST', '/lots/:/hold', '/batches/:/hold'], asked.lotHold, told.lotAnswer),
  operation(
    'releaseLot',
    ['POST', '/lots/:/release', '/batches/:/release'],
    asked.lotRelease,
    told.lotAnswer,
    ofHold,
  ),
  operation('holdUnits', ['POST', '/units/hold', '/units/hold'], asked.unitsHold, told.unitsAnswer),
  operation(
    'releaseUnits',
    ['POST', '/units/release', '/units/release'],
    asked.unitsRelease,
    told.unitsAnswer,
    ofHold,
  ),
  operation(
    'prioritiseOrder',
    ['PUT', '/orders/:/priority', '/orders/:/priority'],
    asked.prioritise,
    told.priorityAnswer,
  ),
  operation(
    'scheduleRework',
    ['POST', '/rework-orders', '/rework'],
    asked.rework,
    told.orderAnswer,
    aboutLot,
  ),
  operation(
    'cancelRework',
    ['POST', '/rework-orders/:/cancel', '/orders/:/cancel'],
    asked.cancellation,
    told.orderAnswer,
  ),
  operation(
    'requestInspection',
    ['POST', '/inspections', '/inspections'],
    asked.inspectionRequest,
    told.inspectionAnswer,
    aboutLot,
  ),
  operation(
    'cancelInspection',
    ['POST', '/inspections/:/cancel', '/inspections/:/cancel'],
    asked.cancellation,
    told.inspectionAnswer,
  ),
  operation(
    'raiseNotification',
    ['POST', '/notifications', '/notifications'],
    asked.notificationRequest,
    told.notificationAnswer,
    aboutLot,
  ),
  operation(
    'withdrawNotification',
    ['POST', '/notifications/:/withdraw', '/notifications/:/withdraw'],
    asked.cancellation,
    told.notificationAnswer,
  ),
  operation('sendMessage', ['POST', '/messages', '/messages'], asked.messageRequest, told.messageAnswer),
  operation(
    'adjustParameter',
    ['PUT', '/equipment/:/parameters/:', '/equipment/:/parameters/:'],
    asked.parameterChange,
    told.parameterAnswer,
    parameterBody,
  ),
  operation(
    'getStates',
    ['POST', '/states', '/observe'],
    asked.statesQuestion,
    told.statesAnswer,
    ({ subjects }) => ({
      subjects: subjects.map((subject) => (subject.kind === 'lot' ? { ...subject, kind: 'batch' } : subject)),
    }),
    false,
  ),
  operation(
    'traceGenealogy',
    ['POST', '/genealogy', '/trace'],
    asked.genealogyQuestion,
    told.genealogyAnswer,
    ({ serials, lots, limit }) => ({ serials, batches: lots, limit }),
    false,
  ),
]

/** The operation that a floor's deed came from. */
export function operationOfDeed(request: string): Operation | undefined {
  const [method, path = ''] = request.split(' ')
  const segments = segmentsOf(path).map(decodeURIComponent)
  return operations.find(
    (one) => one.method === method && matchSegments(one.floorSegments, segments) !== undefined && one.isWrite,
  )
}

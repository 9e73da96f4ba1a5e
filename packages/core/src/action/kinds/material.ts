import * as z from 'zod'
import type { Subject } from '../../connector/subject.js'
import { saying } from '../../feedback/zod-reasons.js'
import type { JsonObject } from '../../json.js'
import { name, text } from './fields.js'
import type { ActionKind } from './kind.js'

const most = 1000
const params = {
  /** A lot of components or of finished goods. */
  batch: name.optional(),
  /** Which component the lot is of. */
  component: name.optional(),
  /** Single units instead of a lot, at most 1,000 serial numbers. */
  serials: z.array(name).min(1).max(most).optional(),
  reason: text,
}
const either = (given: { batch?: string | undefined; serials?: string[] | undefined }): boolean =>
  (given.batch === undefined) !== (given.serials === undefined)
const eitherSays = saying(
  { en: 'or serials must be given, one of the two', zh: '与 serials 必须二选一' },
  'batch',
)

function subjects({ batch, serials }: JsonObject): readonly Subject[] {
  if (typeof batch === 'string') return [{ kind: 'batch', id: batch }]
  return Array.isArray(serials) ? serials.map((id) => ({ kind: 'unit', id: String(id) })) : []
}

const standing =
  (held: boolean): NonNullable<ActionKind['effects']> =>
  (given) =>
    subjects(given).map((subject) => ({ subject, fields: { held } }))

/** Easy to hold: one decision. Authority to release: two people, and a reason. */
export const materialKinds: readonly ActionKind[] = [
  {
    name: 'material.hold',
    title: { en: 'Hold material', zh: '冻结物料' },
    production: true,
    consequence: 'high',
    params: z.strictObject(params).refine(either, eitherSays),
    inverse: 'material.release',
    signaturesToReverse: 2,
    oneOf: ['batch', 'serials'],
    batchParam: 'batch',
    effects: standing(true),
  },
  {
    name: 'material.release',
    title: { en: 'Release material', zh: '解除冻结' },
    production: true,
    consequence: 'high',
    params: z.strictObject(params).refine(either, eitherSays),
    inverse: 'material.hold',
    signatures: 2,
    oneOf: ['batch', 'serials'],
    batchParam: 'batch',
    effects: standing(false),
  },
]

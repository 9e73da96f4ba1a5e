import * as z from 'zod'
import { DmRefusal } from './refusal.js'
import { known, nothing, pageOf, type Route, requirePlant, route } from './route.js'
import { type DmNonconformance, nextNumber } from './shop-floor.js'

const plant = z.string().min(1).max(6)
const logBody = z.strictObject({
  plant,
  code: z.string().min(1).max(16),
  sfcs: z.array(z.string().min(1).max(128)).min(1),
  quantity: z.number().positive().optional(),
  resource: z.string().min(1).max(36).optional(),
  workCenter: z.string().min(1).max(36).optional(),
  routingStepId: z.string().min(1).max(20).optional(),
  startSfcRequired: z.boolean().default(true),
  allowNotAssembledComponents: z.boolean().default(false),
  dataFields: z
    .array(z.strictObject({ key: z.string().min(1).max(60), value: z.string().min(1).max(1024) }))
    .default([]),
  files: z
    .array(
      z.strictObject({
        fileName: z.string().min(1),
        fileMediaType: z.string().min(1),
        fileContent: z.base64(),
      }),
    )
    .default([]),
})
const closeBody = z.strictObject({ plant, id: z.string(), comments: z.string().max(2048).optional() })
const listQuery = z.strictObject({
  plant,
  sfc: z.string().min(1).max(128).optional(),
  id: z.string().min(1).max(412).optional(),
  fromDate: z.iso.datetime().optional(),
  page: z.coerce.number().int().min(0).default(0),
  size: z.coerce.number().int().min(1).max(1000).default(20),
})

const shown = ({ files, ...nonconformance }: DmNonconformance, plantName: string): object => ({
  ...nonconformance,
  plant: plantName,
  fileIds: files.map((_, index) => `${nonconformance.id}-${index}`),
})

export const nonconformanceRoutes: readonly Route[] = [
  route({
    ...{ method: 'POST', path: '/nonconformance/v1/log', shape: 'code' },
    ...{ body: logBody, query: nothing },
    handle({ floor, body, at, changed }) {
      requirePlant(floor, body.plant)
      const fields = floor.setup.nonconformanceCodes[body.code]
      if (fields === undefined) {
        throw new DmRefusal(404, 'nonconformancecode.not.found', `There is no code ${body.code}`)
      }
      const stray = body.dataFields.find(({ key }) => !fields.includes(key))
      if (stray !== undefined) {
        throw new DmRefusal(400, 'datafield.unknown', `${body.code} has no data field ${stray.key}`)
      }
      const units = body.sfcs.map((sfc) => known(floor.sfcs, sfc, 'sfc'))
      for (const { sfc, status } of units) {
        const held = status === 'HOLD' && floor.setup.nonconformancesOnHold
        const open = held || ['NEW', 'IN_QUEUE', 'ACTIVE'].includes(status)
        if (!open || (body.startSfcRequired && status !== 'ACTIVE')) {
          throw new DmRefusal(400, 'sfc.invalid.status', `SFC ${sfc} is ${status}`)
        }
      }
      const createdDateTime = new Date(at).toISOString()
      const ids = units.map(({ sfc }) => {
        const id = nextNumber(floor, 'NC')
        floor.nonconformances.set(id, {
          ...{ id, code: body.code, sfc, state: 'OPEN', comments: '', dataFields: body.dataFields },
          files: body.files.map(({ fileName, fileContent }) => ({
            fileName,
            text: Buffer.from(fileContent, 'base64').toString('utf8'),
          })),
          ...{ createdDateTime, modifiedDateTime: createdDateTime },
        })
        changed('nonconformance.log', sfc, '', id)
        return { sfc, ids: [id] }
      })
      return { ids }
    },
  }),
  route({
    ...{ method: 'POST', path: '/nonconformance/v1/close', shape: 'code' },
    ...{ body: closeBody, query: nothing },
    handle({ floor, body, at, changed }) {
      requirePlant(floor, body.plant)
      const nonconformance = known(floor.nonconformances, body.id, 'nonconformance')
      if (nonconformance.state !== 'OPEN') {
        throw new DmRefusal(400, 'nonconformance.not.open', `${body.id} is ${nonconformance.state}`)
      }
      changed('nonconformance.close', nonconformance.sfc, 'OPEN', 'CLOSED')
      nonconformance.state = 'CLOSED'
      nonconformance.comments = body.comments ?? ''
      nonconformance.modifiedDateTime = new Date(at).toISOString()
      return undefined
    },
  }),
  route({
    ...{ method: 'GET', path: '/nonconformance/v2/nonconformances', shape: 'code' },
    ...{ body: nothing, query: listQuery },
    handle({ floor, query }) {
      requirePlant(floor, query.plant)
      const found = [...floor.nonconformances.values()].filter(
        ({ sfc, id, createdDateTime }) =>
          (query.sfc === undefined || sfc === query.sfc) &&
          (query.id === undefined || id === query.id) &&
          (query.fromDate === undefined || createdDateTime >= query.fromDate),
      )
      // The latest first, as DM sorts by the date of logging.
      const { content, ...page } = pageOf(found.reverse(), query.page, query.size)
      return { content: content.map((one) => shown(one, floor.setup.plant)), ...page }
    },
  }),
]

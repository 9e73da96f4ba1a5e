import { afterEach } from 'vitest'
import { type S4Hana, type S4HanaOptions, startS4Hana } from '../../src/index.js'
import { virtualClock } from '../../src/virtual-clock.js'

export const roots = {
  batch: '/sap/opu/odata/sap/API_BATCH_SRV',
  document: '/sap/opu/odata/sap/API_MATERIAL_DOCUMENT_SRV',
  stock: '/sap/opu/odata/sap/API_MATERIAL_STOCK_SRV',
  order: '/sap/opu/odata/sap/API_PRODUCTION_ORDER_2_SRV',
  inspection: '/sap/opu/odata/sap/API_INSPECTIONLOT_SRV',
  defect: '/sap/opu/odata/sap/API_DEFECT_SRV',
  notification: '/sap/opu/odata4/sap/api_qualitynotification/srvd_a2x/sap/qualitynotification/0001',
} as const
export type Root = keyof typeof roots

export interface Answered {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** What `d` or the whole body is; undefined when it is no JSON. */
  readonly body: unknown
  /** What the body has at a path, e.g. `error.message.value`. */
  at(path: string): unknown
  /** The entities of a list. */
  readonly rows: readonly Readonly<Record<string, unknown>>[]
}

const memberOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined

const isRow = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null

let opened: S4Hana | undefined
afterEach(() => opened?.close())

export const compressor = "Batch(Material='COMPRESSOR',BatchIdentifyingPlant='',Batch='C-1')"

/** A plant with a batch in stock, a released and a created order. */
export async function s4Given(options: S4HanaOptions = {}) {
  const clock = virtualClock('2026-03-01T08:00:00Z')
  const s4 = await startS4Hana({
    clock,
    batches: [
      { material: 'COMPRESSOR', batch: 'C-1' },
      { material: 'COMPRESSOR', batch: 'C-2' },
    ],
    stock: [{ material: 'COMPRESSOR', batch: 'C-1', quantity: '100' }],
    orders: [
      { order: '1000', material: 'FRIDGE', importance: '5' },
      { order: '2000', material: 'FRIDGE', status: 'released' },
    ],
    ...options,
  })
  opened = s4

  const raw = async (
    method: string,
    root: Root,
    path: string,
    { body, headers = {} }: { body?: unknown; headers?: Record<string, string> } = {},
  ): Promise<Answered> => {
    const mark = path.includes('?') ? '&' : '?'
    const response = await fetch(`${s4.url}${roots[root]}/${path}${mark}sap-client=100`, {
      method,
      headers: { accept: 'application/json', ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const text = await response.text()
    const isJson = response.headers.get('content-type')?.startsWith('application/json') === true
    const parsed: unknown = isJson && text !== '' ? JSON.parse(text) : undefined
    const content = memberOf(parsed, 'd') ?? parsed
    const rows = memberOf(content, 'results') ?? memberOf(content, 'value')
    return {
      ...{ status: response.status, headers: response.headers, text, body: content },
      at: (asked) => asked.split('.').reduce(memberOf, content),
      rows: Array.isArray(rows) ? rows.filter(isRow) : [],
    }
  }

  let session: Record<string, string> | undefined
  const fetchToken = async (headers: Record<string, string> = {}): Promise<Record<string, string>> => {
    const answered = await raw('GET', 'batch', '', { headers: { 'x-csrf-token': 'Fetch', ...headers } })
    const cookies = answered.headers.getSetCookie().map((cookie) => cookie.split(';', 1)[0] ?? '')
    return { 'x-csrf-token': answered.headers.get('x-csrf-token') ?? '', cookie: cookies.join('; ') }
  }
  /** A change with the token and the cookies of a session. */
  const write = async (
    method: string,
    root: Root,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answered> => {
    session ??= await fetchToken()
    const type: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' }
    return raw(method, root, path, { body, headers: { ...session, ...type, ...headers } })
  }
  const get = (root: Root, path: string, headers: Record<string, string> = {}): Promise<Answered> =>
    raw('GET', root, path, { headers })
  const etag = async (root: Root, path: string): Promise<string> =>
    (await get(root, path)).headers.get('etag') ?? ''
  /** A change of an entity as it stands. */
  const patch = async (root: Root, path: string, body: unknown): Promise<Answered> =>
    write('PATCH', root, path, body, { 'if-match': await etag(root, path) })
  const call = async (root: Root, path: string, entity: string): Promise<Answered> =>
    write('POST', root, path, undefined, { 'if-match': await etag(root, entity) })

  return { clock, s4, raw, fetchToken, write, get, etag, patch, call }
}

/** One item of a transfer or an issue. */
export const movementItem = (type: string, quantity: string, more: Record<string, unknown> = {}) => ({
  Material: 'COMPRESSOR',
  Plant: '1010',
  StorageLocation: '101A',
  Batch: 'C-1',
  GoodsMovementType: type,
  QuantityInEntryUnit: quantity,
  EntryUnit: 'PC',
  ...more,
})

export const documentOf = (code: string, items: readonly unknown[], more: Record<string, unknown> = {}) => ({
  GoodsMovementCode: code,
  PostingDate: '/Date(1772323200000)/',
  DocumentDate: '/Date(1772323200000)/',
  to_MaterialDocumentItem: items,
  ...more,
})

import { type Health, parseOptions } from '@andon/core/connector'
import * as z from 'zod'
import { contractClient } from '../contract/contract-client.js'
import type { MesCall, MesOperations } from '../contract/operations.js'
import { connectionShape, type MesConnectionOptions } from '../http/connection-options.js'
import { mesHttp } from '../http/mes-http.js'
import { type MesKind, mesKinds } from './params.js'

interface CommonOptions {
  /** Default `mes`. */
  readonly name?: string
  /** The kinds that this MES is asked for; default: all that its operations make possible. */
  readonly kinds?: readonly MesKind[]
}

/** An MES that keeps the published contract. */
export type MesContractOptions = CommonOptions & MesConnectionOptions

/** Any other MES, through an adapter. */
export interface MesAdapterOptions extends CommonOptions {
  readonly adapter: MesAdapter
}

/** A vendor's own system as operations of the contract. */
export interface MesAdapter {
  readonly operations: MesOperations
  /** Default: `operations.getStatus`, or well without a question. */
  check?(call: MesCall): Promise<Health>
  close?(): Promise<void>
}

export type MesOptions = MesContractOptions | MesAdapterOptions

const commonShape = {
  name: z.string().min(1).max(100).default('mes'),
  kinds: z.array(z.enum(mesKinds)).min(1).optional(),
}
const contractSchema = z.strictObject({ ...commonShape, ...connectionShape })
const adapterSchema = z.strictObject({
  ...commonShape,
  adapter: z.custom<MesAdapter>(
    (value) =>
      typeof value === 'object' &&
      value !== null &&
      'operations' in value &&
      typeof value.operations === 'object' &&
      value.operations !== null &&
      'getAction' in value.operations &&
      typeof value.operations.getAction === 'function',
    'must have operations, and among them getAction',
  ),
})

interface Connected {
  readonly name: string
  readonly kinds?: readonly MesKind[] | undefined
  readonly operations: MesOperations
  readonly check?: ((call: MesCall) => Promise<Health>) | undefined
  close(): Promise<void>
}

/** The operations, over HTTP or through an adapter. */
export function connected(options: MesOptions): Connected {
  if ('adapter' in options) {
    const { name, kinds, adapter } = parseOptions(adapterSchema, options, 'mes')
    const { operations } = adapter
    const close = async (): Promise<void> => adapter.close?.()
    return { name, kinds, operations, check: adapter.check?.bind(adapter), close }
  }
  const { name, kinds, ...connection } = parseOptions(contractSchema, options, 'mes')
  const http = mesHttp(name, connection)
  return { name, kinds, operations: contractClient(http), close: async () => http.close() }
}

import * as z from 'zod'

const batchSchema = z.object({
  batch: z.string(),
  component: z.string(),
  status: z.enum(['free', 'held']),
  quantity: z.number().nullable(),
})
export type StockBatch = z.output<typeof batchSchema>

const orderSchema = z.object({
  id: z.string(),
  kind: z.enum(['production', 'rework']),
  status: z.enum(['planned', 'released', 'finished', 'cancelled']),
  priority: z.number(),
  about: z.object({ batch: z.string().nullable() }),
})
export type PlantTask = z.output<typeof orderSchema>

/** The plant's system as its own people use it: they see the holds and cannot get round them. */
export interface PlantTerminal {
  batches(): Promise<readonly StockBatch[]>
  orders(): Promise<readonly PlantTask[]>
  parameter(equipment: string, name: string): Promise<number>
  receive(batch: string, component: string, quantity: number): Promise<void>
  /** False when the batch is held or used up: the gate, not a note. */
  consume(order: string, batch: string, quantity: number): Promise<boolean>
  releaseOrder(order: string): Promise<void>
}

/** Speaks HTTP with the plant simulator. */
export function plantTerminal(url: string): PlantTerminal {
  const path = (...parts: readonly string[]): string => `${url}/${parts.map(encodeURIComponent).join('/')}`
  const read = async <T>(schema: z.ZodType<T>, address: string): Promise<T> =>
    schema.parse(await (await fetch(address)).json())
  const write = async (address: string, body: object): Promise<number> => {
    const response = await fetch(address, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    await response.body?.cancel()
    return response.status
  }
  const demand = async (address: string, body: object): Promise<void> => {
    const status = await write(address, body)
    if (status >= 400) throw new Error(`the plant answered HTTP ${status} to POST ${address}`)
  }
  return {
    batches: async () => (await read(z.object({ batches: z.array(batchSchema) }), path('batches'))).batches,
    orders: async () => (await read(z.object({ orders: z.array(orderSchema) }), path('orders'))).orders,
    parameter: async (equipment, name) =>
      (await read(z.object({ value: z.number() }), path('equipment', equipment, 'parameters', name))).value,
    receive: (batch, component, quantity) => demand(path('batches'), { batch, component, quantity }),
    consume: async (order, batch, quantity) =>
      (await write(path('orders', order, 'consume'), { batch, quantity })) < 400,
    releaseOrder: (order) => demand(path('orders', order, 'release'), {}),
  }
}

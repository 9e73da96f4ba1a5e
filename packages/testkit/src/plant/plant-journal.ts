import { closeSync, existsSync, openSync, readFileSync, truncateSync, writeSync } from 'node:fs'
import { AndonError } from '@andon/core/errors'
import * as z from 'zod'
import { type Floor, openFloor } from './floor.js'
import { type CheckedFloorSetup, floorSetup } from './floor-setup.js'
import { handleRequest, type PlantRequest } from './handle.js'

const headSchema = z.object({ opened: floorSetup })
const requestSchema = z.object({
  method: z.string(),
  path: z.string(),
  body: z.unknown(),
  action: z.string().nullable(),
  at: z.number(),
  wrong: z.boolean().optional(),
})

/** The plant's memory on disk. */
export interface PlantJournal {
  readonly floor: Floor
  /** Keeps a request that changed the floor; it is with the operating system when this returns. */
  record(request: PlantRequest): void
  close(): void
}

/** Lines that are whole; a line that a kill cut off counts as never written. */
function wholeLines(path: string): readonly string[] {
  const text = readFileSync(path, 'utf8')
  const whole = text.slice(0, text.lastIndexOf('\n') + 1)
  if (whole.length < text.length) truncateSync(path, Buffer.byteLength(whole))
  return whole.split('\n').slice(0, -1)
}

function replay(path: string, lines: readonly string[]): Floor {
  try {
    const [head = '', ...rest] = lines
    const floor = openFloor(headSchema.parse(JSON.parse(head)).opened)
    for (const line of rest) handleRequest(floor, requestSchema.parse(JSON.parse(line)))
    return floor
  } catch (cause) {
    const problem = `${path} is not the journal of a plant`
    throw new AndonError('OPTIONS_INVALID', { details: { option: 'journal', problem }, cause })
  }
}

/**
 * Opens the plant where its journal left it; a journal that does not exist yet begins with `setup`.
 * JSON lines: the opening state, then every request that changed something.
 */
export function openPlantJournal(path: string, setup: CheckedFloorSetup): PlantJournal {
  const lines = existsSync(path) ? wholeLines(path) : []
  const fresh = lines.length === 0
  const floor = fresh ? openFloor(setup) : replay(path, lines)
  const file = openSync(path, 'a')
  if (fresh) writeSync(file, `${JSON.stringify({ opened: setup })}\n`)
  return {
    floor,
    record: (request) => {
      writeSync(file, `${JSON.stringify(request)}\n`)
    },
    close: () => closeSync(file),
  }
}

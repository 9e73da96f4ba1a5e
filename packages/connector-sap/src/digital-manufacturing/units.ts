import { refused } from '../http/failures.js'
import type { SapContext } from '../http/sap-http.js'
import type { Dm } from './calls/dm.js'
import { type SfcDetail, sfcDetail, sfcsOfSerial } from './calls/sfc.js'
import { inParallel } from './in-parallel.js'
import { type CheckedDmOptions, keyPattern } from './options.js'

const longest = { sfc: 128, 'serial-number': 18 } as const

/** A unit as Andon names it, and the shop floor control that it is in DM. */
export interface DmUnit {
  readonly serial: string
  readonly sfc: string
  readonly detail: SfcDetail
}

/** The unit of a serial number; undefined when DM has none, or the number is none that it could have. */
export async function unitOf(
  dm: Dm,
  unitsBy: CheckedDmOptions['unitsBy'],
  serial: string,
  context: SapContext,
  steps = false,
): Promise<DmUnit | undefined> {
  if (serial.length > longest[unitsBy] || !keyPattern.test(serial)) return undefined
  const [sfc] = unitsBy === 'sfc' ? [serial] : await sfcsOfSerial(dm, serial, context)
  if (sfc === undefined) return undefined
  const detail = await sfcDetail(dm, sfc, context, steps)
  return detail && { serial, sfc, detail }
}

/**
 * All of them, in the order given and each once.
 *
 * @throws AndonError TARGET_REFUSED naming those that DM does not know: nothing is done for some
 */
export async function unitsOf(
  dm: Dm,
  unitsBy: CheckedDmOptions['unitsBy'],
  serials: readonly string[],
  context: SapContext,
): Promise<readonly DmUnit[]> {
  const wanted = [...new Set(serials)]
  const found = await inParallel(wanted, (serial) => unitOf(dm, unitsBy, serial, context))
  const unknown = wanted.filter((_, index) => found[index] === undefined)
  if (unknown.length > 0) {
    const names = unknown.slice(0, 5).join(', ')
    throw refused(
      dm.name,
      {
        en: `plant ${dm.plant} has no unit ${names}${unknown.length > 5 ? ` and ${unknown.length - 5} more` : ''}`,
        zh: `工厂 ${dm.plant} 没有在制品 ${names}${unknown.length > 5 ? `，另有 ${unknown.length - 5} 个` : ''}`,
      },
      new Error('unknown units'),
    )
  }
  return found.filter((unit) => unit !== undefined)
}

import * as z from 'zod'
import { type Floor, nextNumber, type PlantUnit } from './floor.js'
import { quotesSchema } from './quotes.js'
import { type Answer, known, Refusal, type Route, reading, toChange, type Writer, writing } from './route.js'

const name = z.string().min(1).max(200)
const reason = z.string().trim().min(1).max(10_000)
const serials = z.array(name).min(1).max(1_000)

const unitKind = { en: 'unit', zh: '在制品' }

/** Where a unit is that has left the plant. */
const shipped = 'shipped'

const holdBody = z.object({
  serials,
  reason,
  quotes: quotesSchema,
  /** The action whose release this takes back. */
  restores: name.optional(),
})

/** Takes away the hold of one action where `hold` names it, and otherwise all holds of the units. */
const releaseBody = z.object({ serials, reason, hold: name.optional() })

/** All of them, or the plant's 404: nothing is done for some. */
function unitsOf(floor: Floor, wanted: readonly string[], writer: Writer): readonly PlantUnit[] {
  const units = [...new Set(wanted)].map((serial) => known(floor.units, serial, unitKind))
  return units.map((unit) => toChange(unit, writer))
}

const answerOf = (units: readonly PlantUnit[]): Answer => ({
  units: units.map(({ serial, held }) => ({ serial, held })),
  held: units.filter(({ held }) => held).length,
})

function checkNotHeld(floor: Floor, { serial, batch, holds: [hold] }: PlantUnit): void {
  const lot = batch === null ? undefined : floor.batches.get(batch)
  if (hold === undefined && lot?.status !== 'held') return
  const why = hold?.reason ?? lot?.reason ?? ''
  throw new Refusal(409, 'unit_held', {
    en: `unit ${serial} is held: ${why}`,
    zh: `在制品 ${serial} 已冻结：${why}`,
  })
}

export const unitRoutes: readonly Route[] = [
  reading('/units', (floor) => ({ units: [...floor.units.values()] })),
  reading('/units/:', (floor, [serial = '']) => ({ ...known(floor.units, serial, unitKind) })),
  writing('POST', '/units/:/move', z.object({ location: name }), (floor, [serial = ''], { location }) => {
    const unit = known(floor.units, serial, unitKind)
    if (location === shipped) checkNotHeld(floor, unit)
    unit.location = location
    return { reference: nextNumber(floor, 'MOVE'), answer: { ...unit } }
  }),
  writing('POST', '/units/hold', holdBody, (floor, _ids, body, writer) => {
    const units = unitsOf(floor, body.serials, writer)
    for (const unit of units) {
      unit.holds.push({ action: writer.action, reason: body.reason, at: writer.at })
      unit.held = true
    }
    const undoes = [body.restores ?? null]
    return { reference: nextNumber(floor, 'HOLD'), answer: answerOf(units), done: !writer.wrong, undoes }
  }),
  writing('POST', '/units/release', releaseBody, (floor, _ids, { serials: wanted, hold }, writer) => {
    const units = unitsOf(floor, wanted, writer)
    const isMeant = ({ action }: PlantUnit['holds'][number]): boolean => hold === undefined || action === hold
    const held = units.filter(({ holds }) => holds.some(isMeant))
    const free = units.find(({ holds }) => !holds.some(isMeant))
    // Where one hold is meant, what is left of it goes; a release of everything is of everything or nothing.
    if (held.length === 0 || (hold === undefined && free !== undefined)) {
      throw new Refusal(409, 'not_held', {
        en: `unit ${free?.serial} has no such hold`,
        zh: `在制品 ${free?.serial} 没有这样的冻结`,
      })
    }
    const undoes = held.flatMap(({ holds }) => holds.filter(isMeant).map(({ action }) => action))
    for (const unit of held) {
      unit.holds = unit.holds.filter((one) => !isMeant(one))
      unit.held = unit.holds.length > 0
    }
    return { reference: nextNumber(floor, 'RELEASE'), answer: answerOf(units), done: !writer.wrong, undoes }
  }),
]

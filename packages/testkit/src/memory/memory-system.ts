import {
  type Action,
  actionKinds,
  type JsonObject,
  type Observation,
  type Subject,
  type SubjectState,
  subjectKey,
  type TraceAnswer,
  type TracedBatch,
  type TracedUnit,
  type TraceQuestion,
} from '@andon/core/connector'

/** One effect that took place, as the imagined system keeps it. */
export interface MemoryEffect {
  readonly action: Action
  readonly reference: string
  /** The reference of the undoing; absent while the effect holds. */
  readonly reverted?: string
  /** What it changed, as that stood before; no fields: it was not known. */
  readonly before: readonly SubjectState[]
}

/** How the system stands when it begins. */
export interface MemorySystemSetup {
  /** Batches, units, orders and parameters, in the words of `Observation.fields`. */
  readonly subjects?: readonly SubjectState[]
  /** What a trace finds. A lot that is named only here is known too. */
  readonly units?: readonly TracedUnit[]
  readonly batches?: readonly TracedBatch[]
}

/** The system behind memory targets: it outlives them, as a real one outlives a process. */
export interface MemorySystem {
  readonly effects: Map<string, MemoryEffect>
  /** How each subject stands, by its key; what is not here is not known. */
  readonly subjects: Map<string, JsonObject>
  readonly units: Map<string, TracedUnit>
  readonly batches: Map<string, TracedBatch>
}

export function memorySystem({
  subjects = [],
  units = [],
  batches = [],
}: MemorySystemSetup = {}): MemorySystem {
  return {
    effects: new Map(),
    subjects: new Map(subjects.map(({ subject, fields }) => [subjectKey(subject), fields])),
    units: new Map(units.map((unit) => [unit.serial, unit])),
    batches: new Map(batches.map((batch) => [batch.batch, batch])),
  }
}

const kinds = new Map(actionKinds.map((kind) => [kind.name, kind]))

/**
 * Brings about what the kind says of itself. A thing that was not known is known from then on.
 *
 * @returns what changed, as it stood before
 */
export function bringAbout({ subjects }: MemorySystem, { kind, params }: Action): readonly SubjectState[] {
  const changes = kinds.get(kind)?.effects?.(params) ?? []
  return changes
    .filter(({ fields }) => Object.keys(fields).length > 0)
    .map(({ subject, fields }) => {
      const key = subjectKey(subject)
      const before = subjects.get(key)
      subjects.set(key, { ...before, ...fields })
      return { subject, fields: before ?? {} }
    })
}

export function takeBack({ subjects }: MemorySystem, { before }: MemoryEffect): void {
  for (const { subject, fields } of before) {
    if (Object.keys(fields).length > 0) subjects.set(subjectKey(subject), fields)
    else subjects.delete(subjectKey(subject))
  }
}

export function observed({ subjects }: MemorySystem, subject: Subject): Observation {
  const fields = subjects.get(subjectKey(subject))
  return fields === undefined ? { found: false, fields: {} } : { found: true, fields: { ...fields } }
}

const hasLot = ({ batch, componentBatches = {} }: TracedUnit, lots: ReadonlySet<string>): boolean =>
  (batch !== undefined && lots.has(batch)) || Object.values(componentBatches).some((lot) => lots.has(lot))

export function traced(system: MemorySystem, { serials, batches, limit }: TraceQuestion): TraceAnswer {
  const lots = new Set(batches)
  const asked = new Set(serials)
  const all = [...system.units.values()]
  const named = all.filter(({ serial }) => asked.has(serial))
  const units = [...named, ...all.filter((unit) => !asked.has(unit.serial) && hasLot(unit, lots))]
  const known = [...lots].flatMap((batch): TracedBatch[] => {
    const held = system.subjects.get(subjectKey({ kind: 'batch', id: batch }))?.held
    const found =
      system.batches.get(batch) ??
      (units.some((unit) => hasLot(unit, new Set([batch]))) ? { batch } : undefined)
    if (found === undefined) return []
    return [typeof held === 'boolean' ? { ...found, held } : found]
  })
  const knownLots = new Set(known.map(({ batch }) => batch))
  return {
    units: units.slice(0, limit),
    batches: known,
    unknown: [
      ...[...asked].filter((serial) => !system.units.has(serial)),
      ...[...lots].filter((lot) => !knownLots.has(lot)),
    ],
    cut: units.length > limit,
  }
}

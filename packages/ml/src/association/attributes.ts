import type { FeedbackRecord } from '@andon/core/feedback'
import type { KindColumns } from './kind-columns.js'

/** What is the same in kind: all batches of mainboards, all plants. Only cases that tell it are compared in it. */
export type AttributeKind = {
  readonly group: 'component' | 'attribute' | 'batch' | 'line' | 'plant' | 'usage'
  /** Of the component or the attribute; empty for the others, which there are once. */
  readonly name: string
}

/** Attributes by number: kind and value. */
export type AttributeNames = {
  kinds: AttributeKind[]
  /** The number of the kind, by attribute. */
  kindOf: number[]
  values: string[]
}

export const emptyAttributeNames = (): AttributeNames => ({ kinds: [], kindOf: [], values: [] })

/** Named attributes that can be asked for. */
export const mostNamed = 8

/** Components that are looked at, the first that come; more are an error of whoever sends them. */
const mostComponents = 200

/** Half decades, 1, 3, 10, 30 … to a billion: use differs by decades, and neighbours in a band are alike. */
const usageEdges = [
  0,
  ...Array.from({ length: 19 }, (_, step) => 10 ** Math.floor(step / 2) * (step % 2 === 0 ? 1 : 3)),
]

type Usage = NonNullable<FeedbackRecord['usageAtFailure']>

const bandOf = ({ value }: Usage): number => {
  let band = 0
  while (band < usageEdges.length && value >= (usageEdges[band] ?? 0)) band++
  return band
}

const bandName = (band: number, { unit }: Usage): string =>
  band < usageEdges.length
    ? `${usageEdges[band - 1] ?? 0}–${usageEdges[band]} ${unit}`
    : `≥ ${usageEdges.at(-1)} ${unit}`

class KindIndex {
  readonly kind: number
  readonly #names: AttributeNames
  readonly #numbers = new Map<string, number>()

  constructor(names: AttributeNames, kind: number) {
    this.#names = names
    this.kind = kind
  }

  set(value: string, number: number): void {
    this.#numbers.set(value, number)
  }

  numberOf(value: string): number {
    const known = this.#numbers.get(value)
    if (known !== undefined) return known
    const number = this.#names.values.push(value) - 1
    this.#names.kindOf.push(this.kind)
    this.#numbers.set(value, number)
    return number
  }
}

/** Where the attributes of cases are written, `mostAttributes` of each, as their numbers + 1, and 0 for none. */
export interface AttributeRows {
  readonly attributeNames: AttributeNames
  readonly mostAttributes: number
  readonly attributes: number[]
}

/** Reads the attributes of a feedback, as numbers. */
export class AttributeReader {
  readonly #rows: AttributeRows
  readonly #columns: KindColumns
  readonly #names: AttributeNames
  /** Where the case that is read stands, its next attribute, and the end of its row. */
  #place = 0
  #at = 0
  #end = 0
  readonly #wanted: readonly string[]
  readonly #kinds: Record<AttributeKind['group'], Map<string, KindIndex>> = {
    component: new Map(),
    attribute: new Map(),
    batch: new Map(),
    line: new Map(),
    plant: new Map(),
    usage: new Map(),
  }
  /** Kinds of which there is one, and those of the attributes wanted, once they have come. */
  #batches: KindIndex | undefined
  #plants: KindIndex | undefined
  #ofLines: KindIndex | undefined
  #ofUsage: KindIndex | undefined
  readonly #named: (KindIndex | undefined)[] = []
  /** What costs a concatenation is looked up by its parts. */
  readonly #lines = new Map<string, Map<string, number>>()
  readonly #usage = new Map<string, number[]>()

  /** @param wanted names of `attributes` that are looked at */
  constructor(rows: AttributeRows, columns: KindColumns, wanted: readonly string[]) {
    const names = rows.attributeNames
    this.#rows = rows
    this.#columns = columns
    this.#names = names
    this.#wanted = wanted
    const indexes = names.kinds.map(({ group, name }, kind) => {
      const index = new KindIndex(names, kind)
      this.#kinds[group].set(name, index)
      return index
    })
    for (const [attribute, value] of names.values.entries())
      indexes[names.kindOf[attribute] ?? -1]?.set(value, attribute)
  }

  /** Writes the attributes of the case at the place into the rows and the columns. */
  read(feedback: FeedbackRecord, place: number): void {
    const { componentBatches, batchNumber, productionSite, usageAtFailure, attributes } = feedback
    const { mostAttributes, attributes: into } = this.#rows
    this.#place = place
    this.#at = place * mostAttributes
    this.#end = this.#at + mostAttributes
    this.#columns.clear(place)
    if (batchNumber !== undefined) {
      this.#batches ??= this.#kind('batch')
      this.#add(this.#batches, this.#batches.numberOf(batchNumber))
    }
    if (productionSite !== undefined) {
      const { plant, line } = productionSite
      this.#plants ??= this.#kind('plant')
      this.#add(this.#plants, this.#plants.numberOf(plant))
      if (line !== undefined) {
        this.#ofLines ??= this.#kind('line')
        this.#add(this.#ofLines, this.#lineOf(this.#ofLines, plant, line))
      }
    }
    if (usageAtFailure !== undefined) {
      this.#ofUsage ??= this.#kind('usage')
      this.#add(this.#ofUsage, this.#usageOf(this.#ofUsage, usageAtFailure))
    }
    if (attributes !== undefined)
      for (let wanted = 0; wanted < this.#wanted.length; wanted++) {
        const name = this.#wanted[wanted] ?? ''
        const value = Object.hasOwn(attributes, name) ? attributes[name] : undefined
        if (value === undefined || value === null) continue
        const kind = this.#named[wanted] ?? this.#kind('attribute', name)
        this.#named[wanted] = kind
        this.#add(kind, kind.numberOf(String(value)))
      }
    if (componentBatches !== undefined)
      for (const component in componentBatches) {
        const batch = componentBatches[component]
        const kind = this.#kinds.component.get(component) ?? this.#newComponent(component)
        if (batch !== undefined && kind !== null) this.#add(kind, kind.numberOf(batch))
      }
    while (this.#at < this.#end) into[this.#at++] = 0
  }

  #add({ kind }: KindIndex, number: number): void {
    if (this.#at >= this.#end) return
    this.#rows.attributes[this.#at++] = number + 1
    this.#columns.put(kind, this.#place, number + 1)
  }

  #newComponent(component: string): KindIndex | null {
    return this.#kinds.component.size < mostComponents ? this.#kind('component', component) : null
  }

  #kind(group: AttributeKind['group'], name = ''): KindIndex {
    const known = this.#kinds[group].get(name)
    if (known !== undefined) return known
    const index = new KindIndex(this.#names, this.#names.kinds.push({ group, name }) - 1)
    this.#kinds[group].set(name, index)
    return index
  }

  /** A line is one of its plant: two plants have a line 1 each. */
  #lineOf(kind: KindIndex, plant: string, line: string): number {
    const lines = this.#lines.get(plant) ?? new Map<string, number>()
    const known = lines.get(line)
    if (known !== undefined) return known
    const number = kind.numberOf(`${plant} ${line}`)
    this.#lines.set(plant, lines.set(line, number))
    return number
  }

  #usageOf(kind: KindIndex, usage: Usage): number {
    const band = bandOf(usage)
    const bands = this.#usage.get(usage.unit) ?? []
    const known = bands[band]
    if (known !== undefined) return known
    const number = kind.numberOf(bandName(band, usage))
    bands[band] = number
    this.#usage.set(usage.unit, bands)
    return number
  }
}

import type { FeedbackRecord } from '@andon/core/feedback'

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
  readonly #names: AttributeNames
  readonly #kind: number
  readonly #numbers = new Map<string, number>()

  constructor(names: AttributeNames, kind: number) {
    this.#names = names
    this.#kind = kind
  }

  set(value: string, number: number): void {
    this.#numbers.set(value, number)
  }

  numberOf(value: string): number {
    const known = this.#numbers.get(value)
    if (known !== undefined) return known
    const number = this.#names.values.push(value) - 1
    this.#names.kindOf.push(this.#kind)
    this.#numbers.set(value, number)
    return number
  }
}

/** Reads the attributes of a feedback, as numbers. */
export class AttributeReader {
  readonly #names: AttributeNames
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
  readonly #named: (KindIndex | undefined)[] = []
  /** What costs a concatenation is looked up by its parts. */
  readonly #lines = new Map<string, Map<string, number>>()
  readonly #usage = new Map<string, number[]>()

  /** @param wanted names of `attributes` that are looked at */
  constructor(names: AttributeNames, wanted: readonly string[]) {
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

  /** Writes at most `most` attributes from `start` on into `into`, each as its number + 1, and 0 for none. */
  read(feedback: FeedbackRecord, into: number[], start: number, most: number): void {
    const { componentBatches, batchNumber, productionSite, usageAtFailure, attributes } = feedback
    const end = start + most
    let at = start
    const add = (number: number): void => {
      if (at < end) into[at++] = number + 1
    }
    if (batchNumber !== undefined) {
      this.#batches ??= this.#kind('batch')
      add(this.#batches.numberOf(batchNumber))
    }
    if (productionSite !== undefined) {
      this.#plants ??= this.#kind('plant')
      add(this.#plants.numberOf(productionSite.plant))
      if (productionSite.line !== undefined) add(this.#lineOf(productionSite.plant, productionSite.line))
    }
    if (usageAtFailure !== undefined) add(this.#usageOf(usageAtFailure))
    if (attributes !== undefined)
      for (let wanted = 0; wanted < this.#wanted.length; wanted++) {
        const name = this.#wanted[wanted] ?? ''
        const value = Object.hasOwn(attributes, name) ? attributes[name] : undefined
        if (value === undefined || value === null) continue
        const kind = this.#named[wanted] ?? this.#kind('attribute', name)
        this.#named[wanted] = kind
        add(kind.numberOf(String(value)))
      }
    if (componentBatches !== undefined)
      for (const component in componentBatches) {
        const batch = componentBatches[component]
        const kind = this.#kinds.component.get(component) ?? this.#newComponent(component)
        if (batch !== undefined && kind !== null) add(kind.numberOf(batch))
      }
    while (at < end) into[at++] = 0
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
  #lineOf(plant: string, line: string): number {
    const lines = this.#lines.get(plant) ?? new Map<string, number>()
    const known = lines.get(line)
    if (known !== undefined) return known
    const number = this.#kind('line').numberOf(`${plant} ${line}`)
    this.#lines.set(plant, lines.set(line, number))
    return number
  }

  #usageOf(usage: Usage): number {
    const band = bandOf(usage)
    const bands = this.#usage.get(usage.unit) ?? []
    const known = bands[band]
    if (known !== undefined) return known
    const number = this.#kind('usage').numberOf(bandName(band, usage))
    bands[band] = number
    this.#usage.set(usage.unit, bands)
    return number
  }
}

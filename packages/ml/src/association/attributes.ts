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

/** Component batches of one case that are looked at; more are an error of whoever sends them. */
const mostComponents = 20

/** Named attributes that can be asked for. */
export const mostNamed = 20

/** With batch, plant, line and use. */
export const mostAttributes = mostComponents + mostNamed + 4

/** Half decades, 1, 3, 10, 30 … to a billion: use differs by decades, and neighbours in a band are alike. */
const usageEdges = [
  0,
  ...Array.from({ length: 19 }, (_, step) => 10 ** Math.floor(step / 2) * (step % 2 === 0 ? 1 : 3)),
]

export function usageBandOf({ value, unit }: NonNullable<FeedbackRecord['usageAtFailure']>): string {
  const upper = usageEdges.findIndex((edge) => value < edge)
  return upper < 0
    ? `≥ ${usageEdges.at(-1)} ${unit}`
    : `${usageEdges[upper - 1]}–${usageEdges[upper]} ${unit}`
}

interface KindIndex {
  readonly number: number
  readonly byValue: Map<string, number>
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

  /** @param wanted names of `attributes` that are looked at */
  constructor(names: AttributeNames, wanted: readonly string[]) {
    this.#names = names
    this.#wanted = wanted
    const indexes = names.kinds.map(({ group, name }, number) => {
      const index = { number, byValue: new Map<string, number>() }
      this.#kinds[group].set(name, index)
      return index
    })
    for (const [attribute, value] of names.values.entries())
      indexes[names.kindOf[attribute] ?? -1]?.byValue.set(value, attribute)
  }

  read({
    componentBatches,
    batchNumber,
    productionSite,
    usageAtFailure,
    attributes,
  }: FeedbackRecord): number[] {
    const found: number[] = []
    if (componentBatches !== undefined)
      for (const component in componentBatches) {
        const batch = componentBatches[component]
        if (batch !== undefined && found.length < mostComponents)
          found.push(this.#numberOf('component', component, batch))
      }
    if (batchNumber !== undefined) found.push(this.#numberOf('batch', '', batchNumber))
    if (productionSite !== undefined) {
      const { plant, line } = productionSite
      found.push(this.#numberOf('plant', '', plant))
      if (line !== undefined) found.push(this.#numberOf('line', '', `${plant} ${line}`))
    }
    if (usageAtFailure !== undefined) found.push(this.#numberOf('usage', '', usageBandOf(usageAtFailure)))
    if (attributes !== undefined)
      for (const name of this.#wanted) {
        const value = Object.hasOwn(attributes, name) ? attributes[name] : undefined
        if (value !== undefined && value !== null)
          found.push(this.#numberOf('attribute', name, String(value)))
      }
    return found
  }

  #numberOf(group: AttributeKind['group'], name: string, value: string): number {
    let kind = this.#kinds[group].get(name)
    if (kind === undefined) {
      kind = { number: this.#names.kinds.length, byValue: new Map() }
      this.#names.kinds.push({ group, name })
      this.#kinds[group].set(name, kind)
    }
    const known = kind.byValue.get(value)
    if (known !== undefined) return known
    const number = this.#names.values.length
    this.#names.values.push(value)
    this.#names.kindOf.push(kind.number)
    kind.byValue.set(value, number)
    return number
  }
}

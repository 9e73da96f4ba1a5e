import type { Feedback } from '@andon/core/feedback'
import { dateOf } from './instant.js'
import { componentOf, type FactTarget, factOfName } from './names.js'
import { isRecord, type JsonRecord } from './reader.js'
import { regionOf } from './region.js'

type UsageUnit = NonNullable<Feedback['usageAtFailure']>['unit']

/** What a payload says about the product, gathered before it is written into a draft. */
export interface ProductFacts {
  productModel?: string
  serialNumber?: string
  batchNumber?: string
  productLine?: string
  productCategory?: string
  region?: string
  manufacturedAt?: string
  plant?: string
  line?: string
  faultCode?: string
  faultLocation?: string
  occurredAt?: string
  usage?: { value: number; unit: UsageUnit }
  componentBatches?: Record<string, string>
}

const usageUnits = {
  'usage.h': 'h',
  'usage.km': 'km',
  'usage.cycles': 'cycles',
  'usage.months': 'months',
} as const
/** The schema's limit for short texts; what is longer is no name and no code. */
const maxShort = 200

/**
 * Writes one value where its target says; what stands there already wins, so call the best source first.
 * Returns false when the value does not fit the target: then it belongs into the attributes.
 */
export function addFact(facts: ProductFacts, target: FactTarget, value: unknown): boolean {
  const text = typeof value === 'string' ? value.trim() : typeof value === 'number' ? String(value) : ''
  if (text === '' || text.length > maxShort) return false
  switch (target) {
    case 'usage.h':
    case 'usage.km':
    case 'usage.cycles':
    case 'usage.months': {
      const amount = Number(text.replace(/[^\d.]+$/, ''))
      if (!Number.isFinite(amount) || amount < 0) return false
      facts.usage ??= { value: amount, unit: usageUnits[target] }
      return true
    }
    case 'manufacturedAt': {
      const date = dateOf(text)?.date
      if (date === undefined) return false
      facts.manufacturedAt ??= date
      return true
    }
    case 'occurredAt':
      // A time of day or an unreadable date is judged where the draft is built, by field name.
      facts.occurredAt ??= text
      return true
    case 'region':
      facts.region ??= regionOf(text)
      return true
    case 'productModel':
    case 'serialNumber':
    case 'batchNumber':
    case 'productLine':
    case 'productCategory':
    case 'plant':
    case 'line':
    case 'faultCode':
    case 'faultLocation':
      facts[target] ??= text
      return true
    default:
      return addComponentBatch(facts, target.slice('componentBatches.'.length), text)
  }
}

/** A component's batch under its plain name; at most 50 of them. */
export function addComponentBatch(facts: ProductFacts, component: string, batch: string): boolean {
  const name = componentOf(component)
  if (name === '' || name.length > maxShort || name === '__proto__') return false
  facts.componentBatches ??= {}
  if (facts.componentBatches[name] === undefined && Object.keys(facts.componentBatches).length < 50) {
    facts.componentBatches[name] = batch
  }
  return true
}

/**
 * Reads every field whose name states a fact (names.ts), and a `component_batches` object.
 * Returns the names it took, so that the rest can become attributes.
 */
export function addFacts(facts: ProductFacts, record: JsonRecord, taken?: Set<string>): void {
  for (const key in record) {
    const value = record[key]
    if (value === null || value === undefined) continue
    if (typeof value === 'object') {
      if (isRecord(value) && (key === 'component_batches' || key === 'componentBatches')) {
        addBatches(facts, value)
        taken?.add(key)
      }
      continue
    }
    const target = factOfName(key)
    if (target !== undefined && addFact(facts, target, value)) taken?.add(key)
  }
}

function addBatches(facts: ProductFacts, batches: JsonRecord): void {
  for (const component in batches) {
    const batch = batches[component]
    if (typeof batch === 'string' && batch.trim() !== '' && batch.length <= maxShort) {
      addComponentBatch(facts, component, batch.trim())
    }
  }
}

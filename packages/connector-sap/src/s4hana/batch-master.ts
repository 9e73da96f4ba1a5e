import type { CallContext } from '@andon/core/connector'
import { refused } from '../http/failures.js'
import { anyOf } from '../odata/query.js'
import { entityPath, text } from '../odata/v2.js'
import type { Tagged } from '../odata/v2-service.js'
import { type BatchEntity, batchEntity } from './entities.js'
import { type Means, materialOf } from './means.js'

/** So many conditions go into one address: gateways take 2,000 characters of it and more. */
export const mostAsked = 40
/** Longest batch number of SAP. */
const longest = 10

/** The batches with these numbers, of any material and plant. */
export async function findBatches(
  { batches }: Means,
  numbers: readonly string[],
  context: CallContext,
): Promise<readonly Tagged<BatchEntity>[]> {
  const asked = [...new Set(numbers)].filter((number) => number !== '' && number.length <= longest)
  const found: Tagged<BatchEntity>[] = []
  for (let first = 0; first < asked.length; first += mostAsked) {
    const filter = anyOf(asked.slice(first, first + mostAsked).map((number) => `Batch eq ${text(number)}`))
    const { items } = await batches.list({ set: 'Batch', filter }, batchEntity, context)
    found.push(...items)
  }
  return found
}

/**
 * The one batch with this number. Where batch numbers are unique per material or plant only, `component` or the plant
 * of the options decides.
 *
 * @throws AndonError TARGET_REFUSED when there is none, or more than one
 */
export async function oneBatch(
  means: Means,
  number: string,
  component: string | undefined,
  context: CallContext,
): Promise<Tagged<BatchEntity>> {
  const { name, settings } = means
  const found = await findBatches(means, [number], context)
  const material = component === undefined ? undefined : materialOf(settings, component)
  const ofMaterial = found.filter(({ entity }) => material === undefined || entity.Material === material)
  // A component may have a name of its own in Andon: then the number alone has to do.
  const meant = ofMaterial.length > 0 || found.length > 1 ? ofMaterial : found
  const here = meant.filter(({ entity }) => ['', settings.plant].includes(entity.BatchIdentifyingPlant))
  const [one, other] = meant.length > 1 ? here : meant
  if (one !== undefined && other === undefined) return one
  const which = meant.map(({ entity }) => `${entity.Material}/${entity.BatchIdentifyingPlant}`).join(', ')
  throw one === undefined
    ? refused(
        name,
        { en: `there is no batch ${number}`, zh: `没有批次 ${number}` },
        new RangeError('no such batch'),
      )
    : refused(
        name,
        {
          en: `batch ${number} is there more than once (${which}): name the component, and its material in materials`,
          zh: `批次 ${number} 不唯一（${which}）：请给出 component，并在 materials 中给出其物料号`,
        },
        new RangeError('more than one batch'),
      )
}

/** Where the batch is, for a change of it. */
export const batchPath = ({ Material, BatchIdentifyingPlant, Batch }: BatchEntity): string =>
  entityPath('Batch', { Material, BatchIdentifyingPlant, Batch })

import { AndonError, isAndonError } from '@andon/core/errors'
import type { CallMeans } from '../http/salesforce-http.js'
import type { Described, DescribedField, Rest } from '../rest/rest.js'

/** What is read of a case where the org has it and our user may see it. */
const usual = [
  'CaseNumber',
  'Subject',
  'Description',
  'Origin',
  'Priority',
  'Status',
  'Type',
  'Reason',
  'Language',
  'SuppliedEmail',
  'ContactId',
  'AccountId',
  'AssetId',
  'ProductId',
  'ParentId',
  'RecordTypeId',
  'MasterRecordId',
  'IsClosed',
  'IsEscalated',
  'ClosedDate',
  'LastModifiedDate',
  'LastModifiedById',
  'Account.BillingCountry',
  'Account.BillingState',
  'Asset.SerialNumber',
  'Asset.InstallDate',
  'Asset.PurchaseDate',
  'Asset.Product2.ProductCode',
  'Asset.Product2.Family',
  'Product.ProductCode',
  'Product.Family',
]
/** Without these nothing can be read in order. */
const needed = ['Id', 'CreatedDate', 'SystemModstamp', 'IsDeleted']

/** A field that an option names, e.g. `salesforceCases.fields.batchNumber`. */
export interface NamedField {
  readonly option: string
  readonly path: string
}

/** The fields of a query, with what the org says of each, by path. */
export type FieldList = ReadonlyMap<string, DescribedField>

/**
 * The fields that a case is read with. One that is missing would fail every query, so the org is asked first: a usual
 * field that it does not have is left out, one that an option names is an error.
 *
 * @throws AndonError OPTIONS_INVALID naming the option
 */
export async function caseFields(
  rest: Rest,
  named: readonly NamedField[],
  means: CallMeans,
): Promise<FieldList> {
  const objects = new ObjectBook(rest, means)
  const list = new Map<string, DescribedField>()
  for (const path of [...needed, ...usual]) {
    const field = await objects.fieldAt('Case', path)
    if (field !== undefined) list.set(path, field)
  }
  for (const { option, path } of named) {
    const field = await objects.fieldAt('Case', path)
    if (field === undefined) {
      const problem = `the org has no field ${path} of a case, or the user of the connected app may not see it`
      throw new AndonError('OPTIONS_INVALID', { details: { option, problem } })
    }
    list.set(path, field)
  }
  return list
}

/** What is read of the objects that hang on a case. */
export async function fieldsOf(
  rest: Rest,
  object: string,
  wanted: readonly string[],
  means: CallMeans,
): Promise<FieldList> {
  const objects = new ObjectBook(rest, means)
  const list = new Map<string, DescribedField>()
  for (const path of wanted) {
    const field = await objects.fieldAt(object, path)
    if (field !== undefined) list.set(path, field)
  }
  return list
}

/** Objects as the org describes them, each asked for once. */
class ObjectBook {
  readonly #rest: Rest
  readonly #means: CallMeans
  readonly #known = new Map<string, Described | undefined>()

  constructor(rest: Rest, means: CallMeans) {
    this.#rest = rest
    this.#means = means
  }

  async fieldAt(object: string, path: string): Promise<DescribedField | undefined> {
    const [first = '', ...rest] = path.split('.')
    const described = await this.#described(object)
    if (described === undefined) return undefined
    if (rest.length === 0) return described.get(first)
    for (const { relationshipName, referenceTo } of described.values()) {
      const [parent] = referenceTo
      if (relationshipName === first && parent !== undefined) return this.fieldAt(parent, rest.join('.'))
    }
    return undefined
  }

  async #described(object: string): Promise<Described | undefined> {
    if (!this.#known.has(object)) this.#known.set(object, await this.#describe(object))
    return this.#known.get(object)
  }

  async #describe(object: string): Promise<Described | undefined> {
    try {
      return await this.#rest.describe(object, this.#means)
    } catch (error) {
      // An object that our user may not see is not there for it.
      if (isAndonError(error) && (error.details.status === 404 || error.details.status === 403)) {
        if (error.details.errorCode !== 'REQUEST_LIMIT_EXCEEDED') return undefined
      }
      throw error
    }
  }
}

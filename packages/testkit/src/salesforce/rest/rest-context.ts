import type { SimulatorRequest } from '../../simulator/exchange.js'
import type { CheckedSalesforceOptions } from '../options.js'
import type { Author, Org } from '../org.js'

/** What the routes of the REST API work with. */
export interface RestContext {
  readonly org: Org
  readonly options: CheckedSalesforceOptions
  /** Who writes, by the headers of the request. */
  authorOf(request: SimulatorRequest): Author
}

/** `/services/data/v67.0` of the request, for the URLs in answers. */
export const basePathOf = ({ path }: SimulatorRequest): string => path.split('/').slice(0, 4).join('/')

import type { Row } from './field.js'
import type { EntitySet } from './model.js'
import type { ODataRequest } from './odata-request.js'
import { ODataProblem, type ODataVersion } from './problem.js'

/** The ETag of an entity; undefined for a set without. */
export function etagOf(set: EntitySet, row: Row, version: ODataVersion): string | undefined {
  if (set.etag === undefined) return undefined
  const value = row[set.etag] ?? ''
  if (set.fields[set.etag]?.type !== 'instant') return `W/"'${value}'"`
  const instant = new Date(Number(value)).toISOString()
  return version === 2
    ? `W/"datetimeoffset'${encodeURIComponent(instant.replace('Z', '0000Z'))}'"`
    : `W/"${instant}"`
}

/**
 * A change of an entity with an ETag has to name it.
 *
 * @throws ODataProblem 428 without If-Match, 412 when it is not the present one
 */
export function checkPrecondition(
  set: EntitySet,
  row: Row,
  version: ODataVersion,
  { headers }: Pick<ODataRequest, 'headers'>,
): void {
  const present = etagOf(set, row, version)
  if (present === undefined) return
  const given = headers['if-match']
  if (given === undefined) {
    throw new ODataProblem(428, '/IWFND/CM_MGW/428', 'The request must be conditional: If-Match is missing')
  }
  if (given !== '*' && given !== present) {
    throw new ODataProblem(412, '/IWFND/CM_MGW/412', 'Precondition failed: the entity was changed in between')
  }
}

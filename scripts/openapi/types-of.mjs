import { pathToFileURL } from 'node:url'
import openapiTS, { astToString } from 'openapi-typescript'
import ts from 'typescript'

/**
 * The schemas of an OpenAPI file as one TypeScript interface `components`. Paths and operations are left out: the
 * connectors write their requests themselves, and what is exported and not used would have to be excused everywhere.
 *
 * @param {string} file absolute
 * @returns {Promise<string>}
 */
export async function typesOf(file) {
  const nodes = await openapiTS(pathToFileURL(file), { immutable: true })
  const wanted = nodes.filter((node) => ts.isInterfaceDeclaration(node) && node.name.text === 'components')
  return astToString(wanted)
}

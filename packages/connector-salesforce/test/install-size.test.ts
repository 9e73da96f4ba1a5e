import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'

const lockSchema = z.object({
  packages: z.record(
    z.string(),
    z.looseObject({
      dependencies: z.record(z.string(), z.string()).optional(),
      link: z.boolean().optional(),
    }),
  ),
})
const lock = lockSchema.parse(
  JSON.parse(readFileSync(new URL('../../../package-lock.json', import.meta.url), 'utf8')),
).packages

/** Where npm finds a dependency of what lies at `from`: in its own node_modules, or those of a folder above. */
function placeOf(name: string, from: string): string | undefined {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/')))) {
    const place = `${folder === '' ? '' : `${folder}/`}node_modules/${name}`
    if (place in lock) return place
    if (folder === '') return undefined
  }
}

/** Everything that is installed with a package, by place. */
function installedWith(start: string): ReadonlySet<string> {
  const places = new Set<string>()
  const open = [start]
  for (let from = open.pop(); from !== undefined; from = open.pop()) {
    for (const name of Object.keys(lock[from]?.dependencies ?? {})) {
      const place = placeOf(name, from)
      if (place === undefined || places.has(place)) continue
      places.add(place)
      open.push(lock[place]?.link === true ? place.replace('node_modules/@andon/', 'packages/') : place)
    }
  }
  return places
}

describe('an installation', () => {
  it('grows by at most 70 packages beside Andon itself', () => {
    const core = installedWith('packages/core')
    const more = [...installedWith('packages/connector-salesforce')].filter((place) => !core.has(place))
    // The package itself comes on top; @andon/core is there.
    expect(more.length + 1).toBeLessThanOrEqual(70)
    expect(more.length).toBeGreaterThan(30)
  })
})

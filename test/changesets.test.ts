import { readdirSync, readFileSync } from 'node:fs'
import { parseChangesetFile } from '@changesets/parse'
import { describe, expect, it } from 'vitest'
import { inRoot } from '../scripts/lib/root.mjs'
import { publishedPackages } from '../scripts/lib/workspaces.mjs'

interface Release {
  readonly name: string
  readonly type: string
}

const changesets = readdirSync(inRoot('.changeset'))
  .filter((file) => file.endsWith('.md') && file !== 'README.md')
  .map((file) => ({ file, ...parseChangesetFile(readFileSync(inRoot('.changeset', file), 'utf8')) }))

const published = publishedPackages().map(({ manifest }) => manifest)

/** Packages that have a rising major of one of their peers, but do not rise themselves. */
function peersLeftBehind(releases: readonly Release[]): string[] {
  const major = new Set(releases.filter(({ type }) => type === 'major').map(({ name }) => name))
  return published
    .filter(({ name }) => !major.has(name))
    .filter(({ peerDependencies = {} }) => Object.keys(peerDependencies).some((peer) => major.has(peer)))
    .map(({ name }) => name)
}

describe.each(changesets)('changeset $file', ({ releases, summary }) => {
  it('names packages that are published', () => {
    expect(releases.length).toBeGreaterThan(0)
    for (const { name } of releases) {
      expect(published.map((manifest) => manifest.name)).toContain(name)
    }
  })

  it('says how much changed', () => {
    for (const { type } of releases) {
      expect(['patch', 'minor', 'major']).toContain(type)
    }
  })

  it('tells users what changed', () => {
    expect(summary.trim().length).toBeGreaterThan(10)
  })
})

describe('the next release', () => {
  it('raises by a major whatever has a peer that rises by a major', () => {
    expect(peersLeftBehind(changesets.flatMap(({ releases }) => releases))).toEqual([])
  })
})

import { describe, expect, it } from 'vitest'
import { commands, importAll, publicDoors, useAll } from '../scripts/lib/doors.mjs'

const manifest = {
  name: '@andon/sample',
  version: '1.0.0',
  exports: {
    '.': { types: './dist/index.d.ts', default: './dist/index.js' },
    './rule': { types: './dist/rule/index.d.ts', default: './dist/rule/index.js' },
    './package.json': './package.json',
  },
}

describe('the doors of a package', () => {
  it('are the modules of its exports map, not its data', () => {
    expect(publicDoors(manifest)).toEqual(['@andon/sample', '@andon/sample/rule'])
  })

  it('are all opened, and all used in types', () => {
    const doors = publicDoors(manifest)
    expect(importAll(doors)).toContain('["@andon/sample","@andon/sample/rule"]')
    expect(useAll(doors)).toContain("import * as door1 from '@andon/sample/rule'")
    expect(useAll(doors)).toContain('[door0, door1]')
  })
})

describe('the commands of a package', () => {
  it('are named by its bin field, or by itself', () => {
    expect(commands({ ...manifest, bin: { andon: './dist/a.js', other: './dist/b.js' } })).toEqual([
      'andon',
      'other',
    ])
    expect(commands({ ...manifest, bin: './dist/a.js' })).toEqual(['sample'])
    expect(commands(manifest)).toEqual([])
  })
})

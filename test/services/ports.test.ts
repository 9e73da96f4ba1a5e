import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { tryLock } from '../../scripts/lib/services/lock.mjs'
import { serviceNames } from '../../scripts/lib/services/names.mjs'
import { portBlock } from '../../scripts/lib/services/port-block.mjs'
import { candidateBases, defaultPortBase, portsFrom } from '../../scripts/lib/services/ports.mjs'
import { writeState } from '../../scripts/lib/services/state.mjs'
import { folderOfTest, listener } from './listener.js'

/** A block in which nothing listens; the sets of other tests take theirs from the usual ones. */
async function freeBlock(): Promise<number> {
  for (let base = 26_000; base < 30_000; base += 10) {
    if (await isFree(base)) {
      return base
    }
  }
  throw new Error('No block is free.')
}

const isFree = async (base: number): Promise<boolean> =>
  portBlock(folderOfTest(), serviceNames, base, () => undefined).then(
    ({ free }) => {
      free()
      return true
    },
    () => false,
  )

describe('the ports of a set of servers', () => {
  it('are ten of its own, none of them the default of any of the servers', () => {
    const all = candidateBases().flatMap((base) => Object.values(portsFrom(base)))
    expect(new Set(all).size).toBe(all.length)
    for (const port of [4369, 5432, 5671, 5672, 9092, 9093, 15_672, 25_672]) {
      expect(all).not.toContain(port)
    }
  })

  it('that were asked for are refused when one is taken, naming what is in the way', async () => {
    const base = await freeBlock()
    await listener(undefined, base + 4)
    await expect(portBlock(folderOfTest(), serviceNames, base, () => undefined)).rejects.toThrow(
      new RegExp(`Port ${base + 4} is taken( by .+ \\(process ${process.pid}\\))?\\. Choose others`),
    )
  })

  it('are the next free ones when nobody asked for any, and a line says why', async () => {
    const lines: string[] = []
    const taken = await tryLock(`ports ${defaultPortBase}`)
    onTestFinished(() => taken?.())
    const { base, free } = await portBlock(folderOfTest(), serviceNames, undefined, (line) =>
      lines.push(line),
    )
    free()
    expect(base).toBeGreaterThan(defaultPortBase)
    expect(lines[0]).toMatch(/^Ports 19090 to 19099: .*Trying the next\.$/)
  })

  it('stay with a set that has them, and are not shared with a stranger who took one meanwhile', async () => {
    const folder = folderOfTest()
    const base = await freeBlock()
    writeState(join(folder, 'rabbitmq'), { way: 'native', portBase: base, bench: false, processes: [] })
    await listener(undefined, base + 6)
    expect((await portBlock(folder, ['postgres'], undefined, () => undefined)).base).toBe(base)
    await expect(portBlock(folder, ['rabbitmq'], undefined, () => undefined)).rejects.toThrow(
      new RegExp(`^Port ${base + 6} is taken.* Stop that, or stop all servers in `),
    )
    await expect(portBlock(folder, ['postgres'], base + 10, () => undefined)).rejects.toThrow(
      `have the ports from ${base} on`,
    )
  })

  it('are never given to two sets that start at the same time', async () => {
    const blocks = await Promise.all(
      Array.from({ length: 4 }, () => portBlock(folderOfTest(), serviceNames, undefined, () => undefined)),
    )
    for (const { free } of blocks) {
      free()
    }
    expect(new Set(blocks.map(({ base }) => base)).size).toBe(4)
  })
})

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { standardChannels } from '@andon/channels'
import { type AndonOptions, createAndon, parseRules } from '@andon/core'
import { memoryTarget } from '@andon/testkit'
import { expect, it } from 'vitest'
import { dataFolder } from '../support/loop.js'

const channels = standardChannels()
const mes = memoryTarget({ name: 'mes' })
const rule = (then: string) => parseRules(`CREATE RULE r AS SELECT * FROM feedbacks ${then};`)
const notify = "THEN quality.notification (title = 'x')"

const wrong: readonly { readonly what: string; readonly options: object; readonly names: string }[] = [
  { what: 'no channel', options: { channels: [] }, names: 'createAndon.channels' },
  { what: 'an option that is not there', options: { channels, colour: 1 }, names: 'createAndon.colour' },
  { what: 'an unknown mode', options: { channels, mode: 'maybe' }, names: 'createAndon.mode' },
  {
    what: 'a short customer key',
    options: { channels, customerKey: 'abc' },
    names: 'createAndon.customerKey',
  },
  {
    what: 'an unknown limit',
    options: { channels, limits: { maxLuck: 1 } },
    names: 'createAndon.limits.maxLuck',
  },
  {
    what: 'a limit out of range',
    options: { channels, limits: { maxAttempts: 0 } },
    names: 'createAndon.limits.maxAttempts',
  },
  {
    what: 'a retention that is none',
    options: { channels, retention: { rawDays: 0 } },
    names: 'createAndon.retention.rawDays',
  },
  {
    what: 'an effect above the whole',
    options: { channels, verification: { minimumEffect: 2 } },
    names: 'createAndon.verification.minimumEffect',
  },
  {
    what: 'a target called host',
    options: { channels, targets: { host: mes } },
    names: 'createAndon.targets',
  },
  {
    what: 'a rule without a target',
    options: { channels, rules: rule(notify) },
    names: 'createAndon.targets',
  },
  {
    what: 'a rule that sends to a target that is not given',
    options: { channels, rules: rule(`${notify} ON sap`), targets: { mes } },
    names: 'createAndon.targets',
  },
  {
    what: 'a rule that must say which of two targets',
    options: { channels, rules: rule(notify), targets: { mes, other: mes } },
    names: 'createAndon.targets',
  },
  {
    what: 'two rules of one name',
    options: { channels, rules: [...rule('ESCALATE TO a'), ...rule('ESCALATE TO b')] },
    names: 'createAndon.rules',
  },
]

for (const { what, options, names } of wrong) {
  it(`${what} is told before anything is opened, by the name ${names}`, () => {
    const data = join(dataFolder(), 'not-yet')
    // What a host without types, or with a configuration file, may hand in.
    const given = { ...options, data } as AndonOptions
    expect(() => createAndon(given)).toThrowError(
      expect.objectContaining({
        code: 'OPTIONS_INVALID',
        details: expect.objectContaining({ option: names }),
      }),
    )
    expect(existsSync(data)).toBe(false)
  })
}

it('a plugin of another contract, or without a method, is told before anything is opened', () => {
  const bad = { ...mes, contract: 2 }
  const { execute: _, ...half } = mes
  for (const target of [bad, half]) {
    const options = { channels, targets: { mes: target } } as unknown as AndonOptions
    expect(() => createAndon(options)).toThrowError(expect.objectContaining({ code: 'PLUGIN_INVALID' }))
  }
})

it('nothing is opened before start()', () => {
  const data = join(dataFolder(), 'not-yet')
  createAndon({ channels, data })
  expect(existsSync(data)).toBe(false)
})

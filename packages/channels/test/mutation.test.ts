import { standardChannels } from '@andon/channels'
import { ChannelError, type DecodedPayload } from '@andon/core/connector'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { decoded, draftsOf, fixtures } from './fixtures.js'

const seed = 20_260_301
const channels = standardChannels()
const samples = fixtures.filter(({ name }) => name !== 'oversized')

/** Every place of a JSON value that can be replaced: the paths of all its properties. */
function pathsOf(value: unknown, path: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path]
  return [path, ...Object.entries(value).flatMap(([key, inner]) => pathsOf(inner, [...path, key]))]
}

function replaced(value: unknown, path: readonly string[], by: unknown): unknown {
  const [key, ...rest] = path
  if (key === undefined) return by
  if (Array.isArray(value))
    return value.map((item, index) => (String(index) === key ? replaced(item, rest, by) : item))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, name === key ? replaced(inner, rest, by) : inner]),
  )
}

async function expectOnlyChannelErrors(payload: DecodedPayload): Promise<void> {
  for (const channel of channels) {
    expect(typeof channel.detect(payload)).toBe('boolean')
    try {
      for (const draft of await draftsOf(channel, payload)) {
        expect(draft.sourceMessageId.trim()).not.toBe('')
        expect(draft.symptomText.trim()).not.toBe('')
      }
    } catch (error) {
      if (!(error instanceof ChannelError)) throw error
      expect(error.field).not.toBe('')
    }
  }
}

it('throws nothing but a ChannelError for fixtures with any value replaced by anything', async () => {
  const json = samples.filter(({ payload }) => payload.json !== undefined)
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...json),
      fc.nat(),
      fc.jsonValue({ maxDepth: 3 }),
      async ({ payload }, at, by) => {
        const paths = pathsOf(payload.json)
        const mutated = replaced(payload.json, paths[at % paths.length] ?? [], by)
        const text = JSON.stringify(mutated)
        await expectOnlyChannelErrors(decoded(text))
      },
    ),
    { seed, numRuns: 1500 },
  )
})

it('throws nothing but a ChannelError for mails and XML with any stretch replaced by anything', async () => {
  const texts = samples.filter(({ payload }) => payload.json === undefined)
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...texts),
      fc.nat(),
      fc.nat(60),
      fc.string({ unit: 'binary', maxLength: 40 }),
      async ({ payload: { text } }, at, length, by) => {
        const start = at % text.length
        await expectOnlyChannelErrors({ text: text.slice(0, start) + by + text.slice(start + length) })
      },
    ),
    { seed, numRuns: 400 },
  )
})

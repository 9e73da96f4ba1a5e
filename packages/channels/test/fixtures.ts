import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type Channel, ChannelError, type DecodedPayload } from '@andon/core/connector'
import { type ChannelName, channelNames, type FeedbackDraft } from '@andon/core/feedback'
import { expect } from 'vitest'

const root = fileURLToPath(new URL('./fixtures/', import.meta.url))

export interface Fixture {
  readonly channel: ChannelName
  readonly name: string
  readonly payload: DecodedPayload
}

/** A payload as core decodes it: JSON only where the text is an object or array. */
export function decoded(text: string): DecodedPayload {
  if (!/^\s*[[{]/.test(text)) return { text }
  return { text, json: JSON.parse(text) }
}

export function payloadOf(json: unknown): DecodedPayload {
  return decoded(JSON.stringify(json))
}

export const fixtures: readonly Fixture[] = channelNames.flatMap((channel) =>
  readdirSync(`${root}${channel}`).map((file) => ({
    channel,
    name: file.replace(/\.\w+$/, ''),
    payload: decoded(readFileSync(`${root}${channel}/${file}`, 'utf8')),
  })),
)

export function fixture(channel: ChannelName, name: string): DecodedPayload {
  const found = fixtures.find((candidate) => candidate.channel === channel && candidate.name === name)
  if (found === undefined) throw new Error(`there is no fixture ${channel}/${name}`)
  return found.payload
}

export async function draftsOf(channel: Channel, payload: DecodedPayload): Promise<readonly FeedbackDraft[]> {
  return await channel.parse(payload)
}

export async function draftOf(channel: Channel, payload: DecodedPayload): Promise<FeedbackDraft> {
  const [first, ...others] = await draftsOf(channel, payload)
  if (first === undefined) throw new Error('the parser made no draft')
  expect(others).toEqual([])
  return first
}

/** The field that the parser's refusal names. */
export async function refusedField(channel: Channel, payload: DecodedPayload): Promise<string> {
  const error = await draftsOf(channel, payload).then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof ChannelError)) throw new Error(`expected a ChannelError, got ${String(error)}`)
  expect(error.reason.en).not.toBe('')
  expect(error.reason.zh).not.toBe('')
  return error.field
}

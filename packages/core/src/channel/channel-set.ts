import { AndonError } from '../errors/andon-error.js'
import { type ChannelName, channelNames } from '../feedback/schema.js'
import type { Channel } from './channel.js'
import type { DecodedPayload } from './payload.js'

/** Checked channel parsers, in the order in which they are asked. */
export interface ChannelSet {
  readonly channels: readonly Channel[]
  get(name: string): Channel | undefined
  /** The first parser, in order, that says the payload is its own. A parser that throws has said no. */
  detect(payload: DecodedPayload): Channel | undefined
}

/**
 * Checks parsers once, so that a bad one fails at the start and not on the first payload.
 *
 * @throws AndonError `PLUGIN_INVALID` for a wrong contract version, an unknown or a second name, a missing method
 */
export function channelSet(channels: readonly Channel[]): ChannelSet {
  const byName = new Map<string, Channel>()
  for (const channel of channels) {
    const fault = faultOf(channel)
    if (fault !== undefined) throw invalid(nameOf(channel), fault)
    if (byName.has(channel.name)) throw invalid(channel.name, 'another channel has the same name')
    byName.set(channel.name, channel)
  }
  const ordered = [...channels]
  return {
    channels: ordered,
    get: (name) => byName.get(name),
    detect: (payload) => ordered.find((channel) => detects(channel, payload)),
  }
}

/** Whether a parser claims a payload; one that throws does not. */
export function detects(channel: Channel, payload: DecodedPayload): boolean {
  try {
    return channel.detect(payload) === true
  } catch {
    return false
  }
}

const known: ReadonlySet<unknown> = new Set<ChannelName>(channelNames)

// Plugins come from outside: what the types promise is looked at once more.
function faultOf(channel: unknown): string | undefined {
  if (typeof channel !== 'object' || channel === null) return 'it is not an object'
  if (Reflect.get(channel, 'contract') !== 1) return 'its contract is not 1'
  if (!known.has(Reflect.get(channel, 'name'))) return `its name is none of ${channelNames.join(', ')}`
  for (const method of ['detect', 'parse'])
    if (typeof Reflect.get(channel, method) !== 'function') return `it has no method ${method}`
  return undefined
}

function nameOf(channel: unknown): string {
  return typeof channel === 'object' && channel !== null
    ? String(Reflect.get(channel, 'name'))
    : String(channel)
}

const invalid = (name: string, fault: string): AndonError =>
  new AndonError('PLUGIN_INVALID', { details: { kind: 'channel', name, problem: fault } })

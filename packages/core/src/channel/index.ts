export type { Channel, ChannelOrigin } from './channel.js'
export { ChannelError, isChannelError } from './channel-error.js'
export type { DecodedPayload, RawPayload } from './payload.js'

import type { Message } from '@andon/core/connector'

/** About how many bytes a message takes in a request: what limits are compared with. */
export function roughSize(message: Message): number {
  let headers = 0
  for (const name in message.headers) headers += name.length + (message.headers[name]?.length ?? 0) + 4
  return message.body.length + message.key.length + message.id.length + headers + 48
}

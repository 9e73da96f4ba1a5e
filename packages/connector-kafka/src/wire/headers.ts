/** Where a message's id is kept: Kafka has no place of its own for it. */
export const idHeader = 'andon-id'

/**
 * Reads a source as an engine does: what a batch brings becomes durable, and then its position, and then it is
 * committed. A crash leaves it anywhere between these and begins again with what was durable.
 *
 * @param {object} parts
 * @param {() => import('@andon/core/connector').Source} parts.open
 * @param {(payload: import('@andon/core/connector').RawPayload) => void} parts.durable
 * @param {(position: import('@andon/core/connector').Position) => void} parts.reached it is durable
 * @param {() => number} parts.random
 */
export function crashingEngine({ open, durable, reached, random }) {
  /** @type {import('@andon/core/connector').Position | undefined} */
  let position
  let stopped = false
  let crashing = false
  let stops = 0
  let life = new AbortController()

  const once = async () => {
    const source = open()
    life = new AbortController()
    crashing = false
    const { signal } = life
    try {
      const resumeFrom = position === undefined ? {} : { resumeFrom: position }
      for await (const batch of source.receive({ signal, ...resumeFrom })) {
        // A dead process has no more to say, whatever was on its way to it.
        if (crashing && random() < 0.5) break
        for (const payload of batch.items) durable(payload)
        if (crashing && random() < 0.5) break
        position = batch.position ?? position
        if (position !== undefined) reached(position)
        if (crashing) break
        await batch.commit()
      }
    } catch (error) {
      // Its new session was turned away as well, for tokens were made to end twice in a row: people start it again.
      if (!/HTTP 401/.test(String(error))) throw error
      stops += 1
    } finally {
      life.abort()
      await source.close?.()
    }
  }

  const running = (async () => {
    while (!stopped) await once()
  })()

  return {
    running,
    /** How often it stopped for good, and was started again. */
    get stops() {
      return stops
    },
    /** At the next batch; with nothing to read, while it waits. */
    crash() {
      crashing = true
      if (random() < 0.5) life.abort()
    },
    async stop() {
      stopped = true
      life.abort()
      await running
    },
  }
}

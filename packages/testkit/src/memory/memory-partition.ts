import type { LoggedMessage, Partition } from '@andon/core/connector'
import type { MemoryBroker } from './memory-broker.js'
import type { Holding } from './memory-members.js'
import { changeOrAbort } from './wait.js'

export interface MemoryPartitionSetup {
  readonly broker: MemoryBroker
  readonly group: string
  readonly batchSize: number
  /** Throws when the bus cannot do this now. */
  readonly use: (operation: string) => void
  readonly closing: AbortSignal
  /** Whether its bus has vanished: then nothing comes any more, and nobody says why. */
  readonly dead: () => boolean
}

/** What a member of a memory bus does with a partition it was given. */
export function memoryPartition(holding: Holding, setup: MemoryPartitionSetup): Partition {
  const { broker, group, batchSize, use, closing, dead } = setup
  const { topic, number, lost } = holding
  let released = false
  return {
    topic,
    number,
    lost,
    async *read({ from, signal }): AsyncGenerator<readonly LoggedMessage[]> {
      let position = from
      while (!signal.aborted && !lost.aborted && !closing.aborted && !released) {
        const changed = broker.changed()
        const messages = dead() ? [] : broker.read(topic, number, position, batchSize)
        const last = messages.at(-1)
        if (last === undefined) {
          await changeOrAbort(changed, signal, lost, closing)
          continue
        }
        use('read')
        position = last.position + 1
        yield messages
      }
    },
    async append(messages) {
      use('append')
      broker.append(topic, number, messages)
    },
    async commit(position) {
      use('commit')
      broker.note(topic, number, group, position)
    },
    async release() {
      released = true
      holding.release()
    },
  }
}

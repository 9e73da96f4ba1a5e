import type { LaneJournal, SharedStore } from '@andon/core/connector'
import { storable } from '../database/arrays.js'
import type { Database } from '../database/database.js'
import { statements } from '../database/statement.js'
import type { Counts } from '../journal/counts.js'
import { lane } from '../journal/lane.js'
import type { LogReader } from '../journal/log-reader.js'
import type { LogWriter } from '../journal/log-writer.js'
import type { Reviser } from '../journal/revisions.js'
import type { Trimmer } from '../journal/trim.js'
import type { Tasks } from '../tasks.js'

interface LanesParts {
  readonly database: Database
  readonly reader: LogReader
  readonly write: LogWriter
  readonly revise: Reviser
  readonly counts: Counts
  readonly trimmer: Trimmer
  readonly tasks: Tasks
}

export function lanes(parts: LanesParts): Pick<SharedStore, 'lane' | 'trimLanes'> {
  const { database, reader, write, revise, counts, trimmer, tasks } = parts
  const sql = statements(database.settings.schema, {
    lanes: "SELECT id, name FROM $schema.logs WHERE name <> ''",
    stages: `SELECT stage, coalesce(s.entry_offset, 0) AS entry_offset
      FROM $schema.snapshots s FULL JOIN (SELECT stage FROM $schema.checkpoints) c USING (stage)`,
  })
  /** Each lane once: it remembers where it ends. */
  const opened = new Map<string, LaneJournal>()
  /** Nobody waits for it; what was not folded this time is the next time. */
  const fold = (log: number): void => {
    void tasks.track(counts.fold(log).catch(() => undefined))
  }
  return {
    lane(name, options = {}) {
      const key = JSON.stringify([name, options.copies])
      const known = opened.get(key)
      if (known !== undefined) return known
      const made = lane(storable(name), { database, reader, write, revise, fold, tasks }, options)
      opened.set(key, made)
      return made
    },
    async trimLanes(before) {
      const [logs, stages] = await Promise.all([
        database.run('answer', sql.lanes),
        database.run('answer', sql.stages),
      ])
      let total = 0
      for (const { id, name } of logs) {
        const offsets = stages
          .filter(({ stage }) => String(stage).endsWith(`@${name}`))
          .map((row) => Number(row.entry_offset))
        // Without a stage nobody knows how far the lane has been read.
        if (offsets.length === 0) continue
        await counts.fold(Number(id))
        total += await trimmer.trim(Number(id), before, Math.min(...offsets) + 1)
      }
      await trimmer.drop()
      return total
    },
  }
}

import type { HourlyAggregate } from '@andon/core/connector'
import { float8Array, int8Array, storable, textArray } from '../database/arrays.js'
import type { Database } from '../database/database.js'
import type { Row } from '../database/row.js'
import type { Session } from '../database/session.js'
import { statements } from '../database/statement.js'
import { entriesIn, headColumns, type SegmentHead, segmentHead } from './segment-meta.js'

const hourMs = 3_600_000
/** The steps that the engine counts scores in: sums of them are exact, in whatever order. */
const grid = 2 ** 20
const segmentsAtOnce = 500

/**
 * Feedback by the hour. A lane's segment says itself how its feedback is to be counted, so that counting is part of
 * the append and costs it nothing; now and then segments are folded into the sums. Who asks gets the sums and what was
 * not folded yet, of one moment.
 */
export interface Counts {
  add(session: Session, aggregates: readonly HourlyAggregate[]): void
  /** Adds what a lane has not handed over yet to the sums. */
  fold(log: number): Promise<void>
  list(options: {
    readonly tenant?: string
    readonly fromHour?: number
    readonly toHour?: number
  }): Promise<readonly HourlyAggregate[]>
}

export function counts(database: Database): Counts {
  const sql = statements(database.settings.schema, {
    add_hourly: `INSERT INTO $schema.hourly AS h
      SELECT * FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::text[], $6::bigint[], $7::float8[])
      ON CONFLICT (hour, tenant, channel, product_model, fault_code) DO UPDATE SET
        count = h.count + excluded.count, severity_sum = h.severity_sum + excluded.severity_sum`,
    list_hourly: `SELECT * FROM $schema.hourly
      WHERE hour BETWEEN $1 AND $2 AND ($3::text IS NULL OR tenant = $3)
      ORDER BY hour, tenant, channel, product_model, fault_code`,
    begin_fold: 'INSERT INTO $schema.folds VALUES ($1, -1) ON CONFLICT DO NOTHING',
    fold_place: 'SELECT place FROM $schema.folds WHERE log = $1 FOR UPDATE',
    end_fold: 'UPDATE $schema.folds SET place = $2 WHERE log = $1',
    heads_of_log: `SELECT ${headColumns} FROM $schema.segments
      WHERE log = $1 AND last_place > $2 ORDER BY last_place LIMIT $3`,
    lanes_not_folded: `SELECT l.id, coalesce(f.place, -1) AS place FROM $schema.logs l
      LEFT JOIN $schema.folds f ON f.log = l.id WHERE l.id <> 0 AND l.next_place > coalesce(f.place, -1) + 1`,
  })

  const add = (session: Session, aggregates: readonly HourlyAggregate[]): void => {
    const sums = summed(aggregates)
    if (sums.length > 0) session.later(sql.add_hourly, valuesOf(sums))
  }

  /** Segments of a log after a place, some at a time. */
  async function* segmentsAfter(
    session: Session,
    log: number,
    place: number,
  ): AsyncGenerator<readonly Row[]> {
    for (let from = place; ; ) {
      const rows = await session.run(sql.heads_of_log, [log, from, segmentsAtOnce])
      const last = rows.at(-1)
      if (last === undefined) return
      yield rows
      if (rows.length < segmentsAtOnce) return
      from = Number(last.last_place)
    }
  }

  return {
    add,
    fold: (log) =>
      database.change('write', async (session) => {
        session.later(sql.begin_fold, [log])
        const [row] = await session.run(sql.fold_place, [log])
        let place = Number(row?.place)
        for await (const rows of segmentsAfter(session, log, place)) {
          add(session, rows.map(segmentHead).flatMap(countsIn))
          place = Number(rows.at(-1)?.last_place)
        }
        session.later(sql.end_fold, [log, place])
      }),
    list: ({ tenant, fromHour = 0, toHour = Number.MAX_SAFE_INTEGER }) =>
      database.snapshot('answer', async (session) => {
        const values = [fromHour, toHour, tenant === undefined ? null : storable(tenant)]
        const found = (await session.run(sql.list_hourly, values)).map(aggregateOf)
        for (const lane of await session.run(sql.lanes_not_folded)) {
          for await (const rows of segmentsAfter(session, Number(lane.id), Number(lane.place))) {
            found.push(...rows.map(segmentHead).flatMap(countsIn))
          }
        }
        const wanted = summed(found).filter(({ hour }) => hour >= fromHour && hour <= toHour)
        return tenant === undefined ? wanted : wanted.filter((one) => one.tenant === tenant)
      }),
  }
}

/** The counts of one segment's feedback, as its log has it. */
function countsIn(head: SegmentHead): readonly HourlyAggregate[] {
  const { counts: counted } = head.meta
  if (counted === undefined) return []
  return entriesIn(head).flatMap(({ at, index }) => {
    const group = index === undefined ? undefined : counted.groups[counted.group[index] ?? -1]
    if (group === undefined || index === undefined) return []
    const [tenant, channel, productModel, faultCode] = group
    const severitySum = Math.round((counted.severity[index] ?? 0) * grid) / grid
    return [
      { hour: Math.floor(at / hourMs), tenant, channel, productModel, faultCode, count: 1, severitySum },
    ]
  })
}

const stored = (aggregate: HourlyAggregate): HourlyAggregate => ({
  ...aggregate,
  tenant: storable(aggregate.tenant),
  channel: storable(aggregate.channel),
  productModel: storable(aggregate.productModel),
  faultCode: storable(aggregate.faultCode),
})

const keyOf = ({ hour, tenant, channel, productModel, faultCode }: HourlyAggregate): string =>
  [String(hour).padStart(12, '0'), tenant, channel, productModel, faultCode].join('\u001f')

/** One of each hour and key, in one order everywhere: who adds at the same time waits, and never in a circle. */
function summed(aggregates: readonly HourlyAggregate[]): readonly HourlyAggregate[] {
  const sums = new Map<string, HourlyAggregate>()
  for (const aggregate of aggregates) {
    const one = stored(aggregate)
    const key = keyOf(one)
    const known = sums.get(key)
    sums.set(key, {
      ...one,
      count: (known?.count ?? 0) + one.count,
      severitySum: (known?.severitySum ?? 0) + one.severitySum,
    })
  }
  return [...sums].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, one]) => one)
}

const valuesOf = (sums: readonly HourlyAggregate[]): readonly Buffer[] => [
  int8Array(sums.map(({ hour }) => hour)),
  textArray(sums.map(({ tenant }) => tenant)),
  textArray(sums.map(({ channel }) => channel)),
  textArray(sums.map(({ productModel }) => productModel)),
  textArray(sums.map(({ faultCode }) => faultCode)),
  int8Array(sums.map(({ count }) => count)),
  float8Array(sums.map(({ severitySum }) => severitySum)),
]

const aggregateOf = (row: Row): HourlyAggregate => ({
  hour: Number(row.hour),
  tenant: String(row.tenant),
  channel: String(row.channel),
  productModel: String(row.product_model),
  faultCode: String(row.fault_code),
  count: Number(row.count),
  severitySum: Number(row.severity_sum),
})

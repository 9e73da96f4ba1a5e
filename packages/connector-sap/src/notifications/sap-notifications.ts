import { setTimeout as wait } from 'node:timers/promises'
import {
  type Batch,
  type Health,
  type Position,
  parseOptions,
  type RawPayload,
  type ReceiveContext,
  type Source,
  systemClock,
} from '@andon/core/connector'
import { AndonError, isAndonError, problemOf } from '@andon/core/errors'
import * as z from 'zod'
import { type SapContext, sapHttp } from '../http/sap-http.js'
import { type Change, type Cursor, defectFeed, type Feed, notificationFeed } from './feeds.js'
import { findingPayload } from './finding-payload.js'
import { type SapNotificationsOptions, sapNotificationsSchema } from './options.js'
import { advanced, beginningAt, freshOf, type Progress, progressSchema, roundStart } from './progress.js'

const positionSchema = z.object({
  notifications: progressSchema.optional(),
  defects: progressSchema.optional(),
})
type Progresses = { readonly [Name in Feed['name']]?: Progress | undefined }

/**
 * Quality notifications (customers' complaints, Q1) and, if wanted, defects of SAP S/4HANA as feedback of the
 * `field-service` channel. They are asked for by the instant of their change, page by page behind the last one, and each
 * round looks back a little for what was saved late. What Andon has written itself never comes back.
 *
 * Where the source stands is in the batch's position, plain data; nothing is written in SAP. What was not committed is
 * asked for again. A notification that is changed later is brought again under its old number, which is one feedback.
 *
 * @example
 * ```ts
 * const complaints = sapNotifications({
 *   url: 'https://my300000-api.s4hana.cloud.sap',
 *   auth: { kind: 'basic', username: 'ANDON', password: () => readSecret() },
 *   defects: true,
 * })
 * ```
 * @throws AndonError OPTIONS_INVALID naming the option; SOURCE_FAILED while reading: the engine begins again from the
 *   last position, with growing pauses
 */
export function sapNotifications(
  options: SapNotificationsOptions,
): Source & { check(): Promise<Health>; close(): Promise<void> } {
  const settings = parseOptions(sapNotificationsSchema, options, 'sapNotifications')
  const { name, url, auth, timeoutMs, maxBytes, connections, tls, language, from } = settings
  const { batchSize, pollMs, lookBackMs, tenant, materials } = settings
  const http = sapHttp({
    ...{ name, url, auth, timeoutMs, maxBytes, connections, tls },
    headers: { 'accept-language': language.toLowerCase() },
  })
  const feeds = [notificationFeed(http, settings), ...(settings.defects ? [defectFeed(http, settings)] : [])]
  const models = new Map(Object.entries(materials).map(([model, material]) => [material, model]))
  const modelOf = (material: string): string => models.get(material) ?? material

  const payloadOf = ({ finding }: Change): readonly RawPayload[] => {
    if (finding === undefined) return []
    const item = settings.payload === undefined ? findingPayload(finding, modelOf) : settings.payload(finding)
    return item === undefined ? [] : [tenant === undefined ? item : { ...item, tenant }]
  }

  /** Where a feed begins that never ran. */
  async function beginning(feed: Feed, context: SapContext): Promise<Progress> {
    if (from !== 'now') return beginningAt(from === 'oldest' ? 0 : Date.parse(from))
    // SAP's own clock: ours may be another.
    const newest = await feed.newest(context)
    return newest === undefined ? beginningAt(0) : advanced(beginningAt(newest.ms), [newest], lookBackMs)
  }

  /** One round: all that has changed, up to where the system has no more. */
  async function* round(
    feed: Feed,
    context: SapContext,
    begin: Progress,
  ): AsyncGenerator<{ readonly items: readonly RawPayload[]; readonly progress: Progress }> {
    let progress = begin
    let cursor: Cursor = { since: roundStart(begin, lookBackMs) }
    let limit = batchSize
    for (;;) {
      const { changes, more } = await feed.page(cursor, limit, context)
      const fresh = freshOf(progress, changes)
      progress = advanced(progress, fresh, lookBackMs)
      yield { items: fresh.flatMap(payloadOf), progress }
      const last = changes.at(-1)
      if (!more || last === undefined || context.signal.aborted) return
      // V2 tells instants to the millisecond and compares finer: a page may bring what it brought before, and only that.
      const stands = 'after' in cursor && cursor.after.key === last.key && cursor.after.at === last.at
      limit = stands ? limit * 2 : batchSize
      cursor = { after: last }
    }
  }

  async function* changes({ signal, resumeFrom }: ReceiveContext): AsyncGenerator<Batch<RawPayload>> {
    const context: SapContext = { signal, clock: systemClock }
    let progresses: Progresses = positionSchema.safeParse(resumeFrom).data ?? {}
    while (!signal.aborted) {
      for (const feed of feeds) {
        const begin = progresses[feed.name] ?? (await beginning(feed, context))
        progresses = { ...progresses, [feed.name]: begin }
        for await (const { items, progress } of round(feed, context, begin)) {
          progresses = { ...progresses, [feed.name]: progress }
          if (items.length > 0) yield batchOf(items, progresses)
        }
      }
      // Its only failure is that nobody waits any more.
      await wait(pollMs, undefined, { signal }).catch(() => undefined)
    }
  }

  async function* receive(context: ReceiveContext): AsyncGenerator<Batch<RawPayload>> {
    try {
      yield* changes(context)
    } catch (error) {
      if (context.signal.aborted) return
      const cause = isAndonError(error) ? error : new Error(problemOf(error))
      throw new AndonError('SOURCE_FAILED', { details: { source: name, problem: problemOf(error) }, cause })
    }
  }

  return {
    contract: 1,
    name,
    capabilities: { channel: 'field-service', order: 'as they changed', defects: settings.defects },
    receive,
    async check() {
      try {
        const context = { signal: new AbortController().signal, clock: systemClock }
        for (const feed of feeds) await feed.newest(context)
        return { ok: true }
      } catch (error) {
        return { ok: false, detail: problemOf(error) }
      }
    },
    close: async () => http.close(),
  }
}

const batchOf = (items: readonly RawPayload[], progresses: Progresses): Batch<RawPayload> => ({
  items,
  // Without what is undefined, which no JSON has.
  position: positionOf(progresses),
  // The position says it all: SAP keeps no place of ours.
  commit: async () => undefined,
})

const positionOf = ({ notifications, defects }: Progresses): Position => ({
  ...(notifications !== undefined && { notifications: plain(notifications) }),
  ...(defects !== undefined && { defects: plain(defects) }),
})

const plain = ({ newest, floor, seen }: Progress) => ({
  newest,
  floor,
  seen: seen.map(([key, at]) => [key, at]),
})

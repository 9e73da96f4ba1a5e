import { type Health, parseOptions, type Source } from '@andon/core/connector'
import { problemOf } from '@andon/core/errors'
import { restOf } from '../connection-options.js'
import { Bus } from '../events/bus.js'
import { closedFailure, type Speaker } from '../failures.js'
import type { CallMeans } from '../http/salesforce-http.js'
import { Steady } from '../steady.js'
import { caseOptionsSchema, type SalesforceCasesOptions } from './case-options.js'
import { readPosition } from './case-position.js'
import { CaseRun } from './case-run.js'
import { caseFields, type NamedField } from './field-list.js'

const checkMs = 10_000

/**
 * Cases of a Salesforce org, as they are filed and changed: first those that are there, then change events the moment they
 * happen, with comments and incoming e-mails beside them. Nothing is lost between the two, nor when a stream ends, a token
 * expires or events are dropped: what events cannot tell is read by queries, from a position that moves only with what
 * was committed.
 *
 * @throws AndonError OPTIONS_INVALID naming the option. While iterating: OPTIONS_INVALID where the org has not a field that
 * an option names, SOURCE_FAILED where somebody has to change something first; an org that is busy or gone is waited for.
 */
export function salesforceCases(
  options: SalesforceCasesOptions,
): Source & { check(): Promise<Health>; close(): Promise<void> } {
  const checked = parseOptions(caseOptionsSchema, options, 'salesforceCases')
  const { name, clock, logger, receive, endpoint, timeoutMs, topic, keepFree } = checked
  const speaker: Speaker = { role: 'source', name }
  const rest = restOf(checked, speaker, keepFree)
  const closing = new AbortController()
  let bus: Bus | undefined

  const named: readonly NamedField[] = [
    ...Object.entries(checked.fields).flatMap(([fact, path]) =>
      path === undefined ? [] : [{ option: `salesforceCases.fields.${fact}`, path }],
    ),
    ...checked.also.map((path, index) => ({ option: `salesforceCases.also.${index}`, path })),
  ]

  return {
    contract: 1,
    name,
    capabilities: {
      resumable: true,
      endless: true,
      receive,
      topic,
      comments: checked.comments,
      emails: checked.emails,
    },
    async *receive({ signal, resumeFrom }) {
      if (closing.signal.aborted) throw closedFailure(speaker)
      if (signal.aborted) return
      const ended = AbortSignal.any([signal, closing.signal])
      const means: CallMeans = { signal: ended, clock }
      const steady = new Steady(speaker, logger, means)
      try {
        const fields = await steady.do('describing cases', () => caseFields(rest, named, means))
        const kept = readPosition(resumeFrom, topic)
        if (receive !== 'polling') bus ??= new Bus({ endpoint, timeoutMs })
        const events = receive === 'polling' ? undefined : bus
        const run = new CaseRun({ options: checked, rest, bus: events, fields, means, steady }, kept)
        await run.prepare(kept)
        yield* run.batches()
      } catch (error) {
        // Whatever was on its way when nobody waited any more.
        if (!ended.aborted) throw error
      }
    },
    async check() {
      if (closing.signal.aborted) return { ok: false, detail: closedFailure(speaker).message }
      try {
        await rest.call({ method: 'GET', path: '/limits' }, { signal: AbortSignal.timeout(checkMs), clock })
        const { usage } = rest.http.quota
        return usage === undefined
          ? { ok: true }
          : { ok: true, detail: `${usage.used} of ${usage.limit} API calls of 24 hours are used` }
      } catch (error) {
        return { ok: false, detail: problemOf(error) }
      }
    },
    async close() {
      closing.abort()
      rest.http.close()
      bus?.close()
      bus = undefined
    },
  }
}

import { type SalesforceCaseOptions, salesforceCase } from '@andon/connector-salesforce'
import type { Action, ExecuteContext } from '@andon/core/connector'
import { silentLogger, systemClock } from '@andon/core/connector'
import { type Salesforce, sampleAction, sampleQuote } from '@andon/testkit'
import { actionMark } from '../../src/marks.js'
import { auth } from './org.js'

export const contextOf = (
  attempt: number,
  signal: AbortSignal = new AbortController().signal,
): ExecuteContext => ({
  signal,
  attempt,
  clock: systemClock,
  logger: silentLogger,
})

export const targetOn = (org: Salesforce, more: Partial<SalesforceCaseOptions> = {}) =>
  salesforceCase({ url: org.url, auth, timeoutMs: 1_000, ...more })

/** An update of these cases, which its quotes come from. */
export function updateOf(
  index: number,
  cases: readonly string[],
  params: Action['params'] = {
    status: 'Working',
    note: 'The compressor lot is held.',
    reply: 'We have found the cause.',
  },
): Action {
  return sampleAction(index, {
    kind: 'case.update',
    target: 'salesforce',
    params,
    quotes: cases.map((id, at) => ({
      ...sampleQuote(index * 100 + at),
      source: 'salesforce',
      sourceMessageId: at % 2 === 0 ? id : `${id}/00a000000000001AAA`,
    })),
  })
}

/** Comments of an action as the org keeps them. */
export const commentsOf = (org: Salesforce, actionId: string): readonly string[] =>
  org
    .records('CaseComment')
    .map(({ CommentBody }) => String(CommentBody))
    .filter((body) => body.includes(actionMark(actionId)))

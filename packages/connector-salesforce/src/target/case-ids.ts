import type { Action } from '@andon/core/connector'

/** Ids of cases begin with 500; 18 characters, the form without regard to case. */
const caseId = /^500[A-Za-z0-9]{15}$/

export const isCaseId = (text: string): boolean => caseId.test(text)

/**
 * The cases that an action's quotes come from: a feedback of ours has the case's id as its message id, or in front of that
 * of a comment or an e-mail (`500…/00a…`).
 */
export function quotedCases({ quotes }: Action, sources: readonly string[]): readonly string[] {
  const ids = quotes.flatMap(({ source, sourceMessageId }) => {
    if (source === undefined || sourceMessageId === undefined || !sources.includes(source)) return []
    const [id = ''] = sourceMessageId.split('/')
    return isCaseId(id) ? [id] : []
  })
  return [...new Set(ids)]
}

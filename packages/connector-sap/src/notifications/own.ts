import { recordIn } from '../s4hana/record.js'
import type { SapNotification } from './entities.js'

const markAtEnd = /(?:^| )(?!\d+$)[0-9A-HJKMNP-TV-Z]{16}$/
/** How the line of a record begins, also where the rest of it was edited. */
const recordStart = '#andon {'

export const longTextOf = ({ _QltyNotificationLongText: texts }: SapNotification): string =>
  texts
    .map((part) => part.QltyNotificationLongText)
    .join('\n')
    .trim()

/**
 * Whether Andon has written it: a complaint that it raised itself is no new voice, and would feed the rule that raised
 * it. Rather a complaint too few than a loop.
 */
export function isOwn(notification: SapNotification, actionIdField: string | undefined): boolean {
  const long = longTextOf(notification)
  if (long.includes(recordStart) || recordIn(long) !== undefined) return true
  if (actionIdField === undefined) return markAtEnd.test(notification.NotificationText)
  const id = notification[actionIdField]
  return typeof id === 'string' && id !== ''
}

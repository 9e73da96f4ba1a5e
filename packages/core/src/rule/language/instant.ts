const form =
  /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?\s?(?:(Z)|([+-])(\d\d)(?::?(\d\d))?)?)?$/i

/**
 * Reads an instant as a rule writes it: `2026-03-01`, `2026-03-01 08:00`, `2026-03-01T08:00:00.250+08:00`.
 * Without a zone it is UTC, whatever the zone of the machine.
 * @returns epoch milliseconds, or undefined when the text is no instant of the calendar
 */
export function parseInstant(text: string): number | undefined {
  const found = form.exec(text.trim())
  if (found === null) return undefined
  const part = (index: number): number => Number(found[index] ?? 0)
  const [year, month, day, hour, minute, second] = [part(1), part(2), part(3), part(4), part(5), part(6)]
  const millisecond = Number((found[7] ?? '').padEnd(3, '0').slice(0, 3))
  const instant = Date.UTC(year, month - 1, day, hour, minute, second, millisecond)
  const date = new Date(instant)
  const isReal =
    date.getUTCMonth() === month - 1 && date.getUTCDate() === day && hour < 24 && minute < 60 && second < 60
  if (!isReal || year < 100) return undefined
  const offset = (part(10) * 60 + part(11)) * 60_000
  return found[9] === '-' ? instant + offset : instant - offset
}

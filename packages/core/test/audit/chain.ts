import { auditLine, firstHash } from '../../src/audit/chain.js'
import type { AuditEvent, AuditLine } from '../../src/connector/audit.js'

/** A chain of these events. */
export function chainOf(events: readonly AuditEvent[]): readonly AuditLine[] {
  const lines: AuditLine[] = []
  for (const event of events) lines.push(auditLine(event, lines.at(-1) ?? { sequence: 0, hash: firstHash }))
  return lines
}

/** A chain of so many lines, no two of which say the same. */
export function plainChain(length: number): readonly AuditLine[] {
  return chainOf(
    Array.from({ length }, (_, i) => ({
      tenant: 'plant-1',
      at: Date.UTC(2026, 0, 5) + i * 1000,
      what: 'action.signed',
      action: `a-${i}`,
      data: { name: '李工', meaning: 'approved', priority: i % 9, note: '–10.5 °C "held"' },
    })),
  )
}

export const textsOf = (lines: readonly AuditLine[]): string[] => lines.map(({ text }) => text)

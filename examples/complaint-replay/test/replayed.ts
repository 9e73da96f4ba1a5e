import { main } from '@andon/cli'
import * as z from 'zod'
import { ofData, ofExample } from './shared-data.js'

const reportSchema = z.object({
  rows: z.number(),
  accepted: z.number(),
  duplicates: z.number(),
  quarantined: z.object({
    count: z.number(),
    reasons: z.array(
      z.object({
        field: z.string(),
        reason: z.string(),
        count: z.number(),
        examples: z.array(z.object({ row: z.number(), value: z.string() })),
      }),
    ),
  }),
  feedback: z.number(),
  signals: z.array(
    z.object({
      rule: z.string(),
      title: z.string(),
      openedAt: z.string(),
      facts: z.record(z.string(), z.unknown()),
      quotes: z.array(z.object({ text: z.string() })),
    }),
  ),
  seconds: z.number(),
})
export type Report = z.infer<typeof reportSchema>
export type ReplayedSignal = Report['signals'][number]

/**
 * What `andon replay … --json` prints for a file of the shared data, and the processor time that it took on all
 * cores: the time on the wall of a busy test machine says more about its other work.
 */
export async function replayed(
  data: string,
  map: string,
  rules: string,
): Promise<Report & { cpuSeconds: number }> {
  const out: string[] = []
  const err: string[] = []
  const output = (lines: string[]) => ({
    write: (text: string) => void lines.push(text),
    isTerminal: false,
    width: 80,
  })
  const begun = process.cpuUsage()
  const code = await main(
    ['replay', ofData(data), '--map', ofExample(map), '--rules', ofExample(rules), '--json'],
    { out: output(out), err: output(err), env: {}, onSignal: () => () => undefined },
  )
  const { user, system } = process.cpuUsage(begun)
  if (code !== 0) throw new Error(`andon replay ended with ${code}: ${err.join('')}`)
  return { ...reportSchema.parse(JSON.parse(out.join(''))), cpuSeconds: (user + system) / 1e6 }
}

/** Whole days from a signal's opening to a date. */
export const daysBefore = ({ openedAt }: ReplayedSignal, date: string): number =>
  Math.floor((Date.parse(date) - Date.parse(openedAt)) / 86_400_000)

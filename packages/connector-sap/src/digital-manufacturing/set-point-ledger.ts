import * as z from 'zod'

const changeSchema = z.object({
  mark: z.string(),
  parameter: z.string(),
  before: z.number(),
  means: z.number(),
  anew: z.boolean().default(false),
  active: z.boolean().default(true),
})

/** One change of a set-point by Andon, as it stands in a custom value of its group. */
export type SetPointChange = z.infer<typeof changeSchema>

/** What is not ours, or damaged, counts as nothing. */
export function readChanges(value: string): readonly SetPointChange[] {
  try {
    return z.array(changeSchema).catch([]).parse(JSON.parse(value))
  } catch {
    return []
  }
}

/** So many of the latest are remembered. */
const most = 20

export const writeChanges = (changes: readonly SetPointChange[]): string =>
  JSON.stringify(changes.slice(-most))

import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import * as z from 'zod'

/** What was changed in the server, as its handlers saw it. */
const changeSchema = z.object({
  set: z.string(),
  kind: z.enum(['created', 'changed', 'cancelled']),
  before: z.record(z.string(), z.unknown()).nullish(),
  after: z.record(z.string(), z.unknown()),
})
export type CdsChange = z.infer<typeof changeSchema>

const answerSchema = z.object({
  url: z.string().optional(),
  changes: z.array(changeSchema).optional(),
  done: z.boolean().optional(),
})

/** What stands in the server from the start: entity of the model → rows. */
export type CdsFill = Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>

export interface CdsServer {
  readonly url: string
  fill(rows: CdsFill): Promise<void>
  changes(): Promise<readonly CdsChange[]>
  /** The next change that fits is spoilt. */
  fault(fault: {
    readonly fault: 'unavailable' | 'timeout-after-work' | 'lost-answer'
    readonly method?: string
    readonly path?: string
  }): Promise<void>
  stop(): Promise<void>
}

/** Starts test/support/cds/server.mjs. Questions are asked one after the other. */
export async function startCdsServer(): Promise<CdsServer> {
  const program = fileURLToPath(new URL('cds/server.mjs', import.meta.url))
  const child = fork(program, { silent: true, execArgv: ['--disable-warning=ExperimentalWarning'] })
  let output = ''
  const hear = (part: Buffer): void => {
    output += part.toString()
  }
  child.stdout?.on('data', hear)
  child.stderr?.on('data', hear)
  const ended = new Promise<never>((_resolve, reject) => {
    child.once('close', () => reject(new Error(`the server ended:\n${output}`)))
  })
  ended.catch(() => undefined)
  const answer = (): Promise<z.infer<typeof answerSchema>> => {
    const heard = new Promise<unknown>((resolve) => child.once('message', resolve))
    return Promise.race([heard, ended]).then((message) => answerSchema.parse(message))
  }
  let asked: Promise<unknown> = Promise.resolve()
  const ask = (question: object): Promise<z.infer<typeof answerSchema>> => {
    const next = asked.then(() => {
      const heard = answer()
      child.send(question)
      return heard
    })
    asked = next.catch(() => undefined)
    return next
  }
  const { url = '' } = await answer()
  return {
    url,
    fill: async (fill) => {
      await ask({ fill })
    },
    changes: async () => (await ask({ ask: 'changes' })).changes ?? [],
    fault: async (fault) => {
      await ask({ fault })
    },
    stop: async () => {
      child.kill('SIGKILL')
      await ended.catch(() => undefined)
    },
  }
}

import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import { coreModule } from './core.mjs'

export interface Program {
  /** Resolves with the first message that has this member; rejects when the process ends before. */
  message(name: string): Promise<Readonly<Record<string, unknown>>>
  send(message: object): void
  /** Only ever this process, by its id. */
  kill(): Promise<void>
}

/** Starts a program of test/promises/programs with `task` as its argument; it ends with the test at the latest. */
export function runProgram(name: string, task: object, flags: readonly string[] = []): Program {
  const path = fileURLToPath(new URL(`../promises/programs/${name}.mjs`, import.meta.url))
  const child: ChildProcess = fork(path, [JSON.stringify({ ...task, core: coreModule })], {
    silent: true,
    execArgv: ['--disable-warning=ExperimentalWarning', ...flags],
  })
  let output = ''
  const messages: Readonly<Record<string, unknown>>[] = []
  const hear = (part: Buffer): void => {
    output += part.toString()
  }
  child.stdout?.on('data', hear)
  child.stderr?.on('data', hear)
  child.on('message', (message) => {
    if (typeof message === 'object') messages.push({ ...message })
  })
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL')
    await ended
  }
  onTestFinished(kill)
  return {
    kill,
    send: (message) => {
      child.send(message)
    },
    message: (wanted) =>
      new Promise((resolve, reject) => {
        const look = (): boolean => {
          const found = messages.find((message) => wanted in message)
          if (found !== undefined) resolve(found)
          return found !== undefined
        }
        if (look()) return
        child.on('message', look)
        void ended.then(
          () => look() || reject(new Error(`the program ended without "${wanted}":\n${output}`)),
        )
      }),
  }
}

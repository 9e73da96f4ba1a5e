import assert from 'node:assert/strict'
import type { ContractRunner } from './runner.js'

/** One sentence of the contract and how it is checked. `Given` is what the connector's author hands over. */
export interface ContractCase<Given, Id extends string> {
  /** Names the case in an exemption. */
  readonly id: Id
  readonly sentence: string
  readonly check: (given: Given) => Promise<void>
}

/** Case id → the reason why this connector cannot keep the sentence. It prints as skipped, never as passed. */
export type Exemptions<Id extends string> = { readonly [K in Id]?: string }

/** What every factory's product may carry beside the thing under test. */
export interface Disposable {
  /** Called after each case, whether it passed or not. */
  dispose?(): Promise<void> | void
}

/** Makes a fresh thing under test; called once for each case. */
export type Factory<Given> = () => Given | Promise<Given>

/** Registers a suite with the runner: one test for each sentence. */
export function registerSuite<Given extends Disposable, Id extends string>(
  runner: ContractRunner,
  title: string,
  cases: readonly ContractCase<Given, Id>[],
  factory: Factory<Given>,
  exemptions: Exemptions<Id>,
): void {
  runner.describe(title, () => {
    for (const { id, sentence, check } of cases) {
      const name = `${id}: ${sentence}`
      const body = async (): Promise<void> => {
        const given = await factory()
        try {
          await check(given)
        } finally {
          await given.dispose?.()
        }
      }
      const reason = exemptions[id]
      if (reason === undefined) runner.it(name, body)
      else if (reason.trim() !== '') runner.it.skip(`${name} (exempt: ${reason})`, body)
      else runner.it(name, async () => assert.fail(`the exemption of "${id}" gives no reason`))
    }
    const known = new Set<string>(cases.map(({ id }) => id))
    for (const id of Object.keys(exemptions).filter((exempt) => !known.has(exempt))) {
      runner.it(`exemption ${id}`, async () => assert.fail(`there is no case "${id}" to be exempt from`))
    }
  })
}

/** The part of the harness a case needs, or a failure that says what to do: nothing passes by being absent. */
export function needed<T>(part: T | undefined, id: string, name: string): T {
  if (part !== undefined) return part
  return assert.fail(`give "${name}" in the factory's product, or an exemption of "${id}" with its reason`)
}

import assert from 'node:assert/strict'
import { inspect } from 'node:util'
import type { Plugin } from '@andon/core/connector'
import { errorCodes, isAndonError } from '@andon/core/errors'
import { type ContractCase, type Disposable, needed } from './suite.js'
import { promptly, within } from './waiting.js'

/** One option set wrongly. */
export interface BadOption {
  /** The option's dotted name, as the error must give it. */
  readonly option: string
  /** Calls the plugin's factory with that option wrong and all others right. */
  readonly create: () => unknown
}

/** A failure that comes from below: a broken connection, a refused login. */
export interface ProvokedFailure {
  /** What was given in the options and must never be seen again; absent where the options take no secret. */
  readonly secret?: string
  /** Makes the plugin fail; the promise must reject with the error as a user gets it. */
  readonly provoke: () => Promise<unknown>
}

/** What a factory's product carries so that the sentences about every plugin can be checked. */
export interface PluginGiven extends Disposable {
  readonly badOptions?: readonly BadOption[]
  readonly failure?: ProvokedFailure
}

export type PluginCaseId = 'contract' | 'close' | 'errors' | 'options'

/** True to the letter: survives JSON and back, prototypes included. */
export function assertPlainData(value: unknown, name: string): void {
  const text = JSON.stringify(value)
  assert.ok(text !== undefined, `${name} is not plain data`)
  assert.deepEqual(JSON.parse(text), value, `${name} is not plain data: it does not survive JSON`)
}

/** An AndonError with a known code, a cause and a verdict on trying again. */
function assertBranded(error: unknown): void {
  assert.ok(isAndonError(error), `not an AndonError: ${inspect(error)}`)
  assert.ok(Object.hasOwn(errorCodes, error.code), `the code ${error.code} is not in the table`)
  assert.equal(typeof error.retryable, 'boolean', 'retryable is not a boolean')
}

function assertKeepsSecret(error: unknown, secret: string): void {
  assert.ok(secret.length >= 8, 'the secret is too short to be looked for')
  // Hidden members and the whole chain of causes count: loggers print them.
  const shown = inspect(error, { depth: 12, showHidden: true, maxStringLength: null, maxArrayLength: null })
  const encoded = [secret, encodeURIComponent(secret), Buffer.from(secret).toString('base64')]
  for (const form of encoded) assert.ok(!shown.includes(form), 'the error shows the secret')
}

/** The rejection of a promise that must reject. */
export async function rejection(promise: Promise<unknown>, what: string): Promise<unknown> {
  try {
    await promise
  } catch (error) {
    return error
  }
  return assert.fail(`${what} did not fail`)
}

/** The cases that hold for every plugin: source, bus, target, store. */
export function pluginCases<Given extends PluginGiven>(
  pluginOf: (given: Given) => Plugin,
): readonly ContractCase<Given, PluginCaseId>[] {
  return [
    {
      id: 'contract',
      sentence: 'it carries contract: 1, a name and capabilities in plain data',
      async check(given) {
        const plugin = pluginOf(given)
        assert.equal(plugin.contract, 1)
        assert.ok(plugin.name.trim() !== '', 'it has no name')
        assert.ok(
          typeof plugin.capabilities === 'object' && plugin.capabilities !== null,
          'it has no capabilities',
        )
        assertPlainData(plugin.capabilities, 'capabilities')
      },
    },
    {
      id: 'close',
      sentence: 'close() may be called twice, and at once',
      async check(given) {
        const plugin = pluginOf(given)
        const close = needed(plugin.close?.bind(plugin), 'close', 'close()')
        await within(Promise.all([close(), close()]), promptly * 5, 'closing twice at once')
        await within(close(), promptly, 'closing once more')
      },
    },
    {
      id: 'errors',
      sentence: 'an error is branded, has code, cause and retryable, and never shows a secret',
      async check(given) {
        const { secret, provoke } = needed(given.failure, 'errors', 'failure')
        const error = await rejection(provoke(), 'what was provoked')
        assertBranded(error)
        assert.ok(error instanceof Error && error.cause !== undefined, 'the error has lost its cause')
        if (secret !== undefined) assertKeepsSecret(error, secret)
      },
    },
    {
      id: 'options',
      sentence: 'a bad option fails before any I/O, and the error names the option',
      async check(given) {
        const bad = needed(given.badOptions, 'options', 'badOptions')
        assert.ok(bad.length > 0, 'badOptions is empty')
        for (const { option, create } of bad) {
          // Thrown, not rejected: where nothing was awaited, nothing can have been sent and answered.
          let error: unknown
          try {
            create()
          } catch (thrown) {
            error = thrown
          }
          assert.ok(error !== undefined, `a wrong ${option} was taken without a word`)
          assert.ok(isAndonError(error, 'OPTIONS_INVALID'), `not OPTIONS_INVALID: ${inspect(error)}`)
          assert.equal(error.details.option, option)
        }
      },
    },
  ]
}

import { parseOptions } from '@andon/core/connector'
import { AndonError } from '@andon/core/errors'
import * as z from 'zod'
import type { Credential } from '../cluster/connection.js'

/** Where schemas are kept under numbers, so that a value need only name its number. */
export interface SchemaRegistry {
  /**
   * The schema of a number, as text; undefined when there is none.
   *
   * @throws AndonError that is retryable when the registry does not answer
   */
  schema(id: number): Promise<string | undefined>
  /** The number of a schema under a subject, where it is registered if it is not yet. */
  register(subject: string, schema: string): Promise<number>
}

export interface HttpSchemaRegistryOptions {
  /** e.g. `https://registry.example:8081`. */
  readonly url: string
  readonly username?: Credential
  readonly password?: Credential
  /** How long an answer may take (ms); default 10,000. */
  readonly timeoutMs?: number
}

const credential = z.union([
  z.string().min(1),
  z.custom<() => string | Promise<string>>((value) => typeof value === 'function', 'a text or a function'),
])
const optionsSchema = z.strictObject({
  url: z.url({ protocol: /^https?$/ }),
  username: credential.optional(),
  password: credential.optional(),
  timeoutMs: z.int().min(100).max(600_000).default(10_000),
})

const schemaAnswer = z.object({ schema: z.string() })
const idAnswer = z.object({ id: z.int() })
/** What the registry says when it does not know a number. */
const unknownSchema = 404

/**
 * A registry that speaks the REST interface of Confluent's, as Apicurio and Redpanda do, too.
 *
 * @throws AndonError OPTIONS_INVALID naming the option, before any I/O
 * @see https://docs.confluent.io/platform/current/schema-registry/develop/api.html
 */
export function httpSchemaRegistry(options: HttpSchemaRegistryOptions): SchemaRegistry {
  const { url, username, password, timeoutMs } = parseOptions(optionsSchema, options, 'httpSchemaRegistry')

  const failed = (problem: string, chinese: string, retryable: boolean, cause?: unknown): AndonError =>
    new AndonError('SOURCE_FAILED', {
      details: { source: 'schema registry', problem },
      chinese: { problem: chinese },
      retryable,
      cause,
    })
  const ask = async (path: string, body?: unknown): Promise<unknown> => {
    const login = `${await textOf(username)}:${await textOf(password)}`
    const response = await fetch(new URL(path, url.endsWith('/') ? url : `${url}/`), {
      method: body === undefined ? 'GET' : 'POST',
      headers: {
        accept: 'application/vnd.schemaregistry.v1+json',
        ...(body !== undefined && { 'content-type': 'application/vnd.schemaregistry.v1+json' }),
        ...(username !== undefined && { authorization: `Basic ${Buffer.from(login).toString('base64')}` }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(timeoutMs),
    }).catch((error: unknown) => {
      const why = error instanceof Error ? error.message : 'no answer'
      throw failed(`it does not answer: ${why}`, `没有应答：${why}`, true, new Error(why))
    })
    if (response.status === unknownSchema) return undefined
    if (!response.ok) {
      // A registry that starts or is full of work says 5xx or 429; other refusals stay.
      const retryable = response.status >= 500 || response.status === 429
      throw failed(`it answered ${response.status}`, `返回了 ${response.status}`, retryable)
    }
    return response.json()
  }

  return {
    async schema(id) {
      const answer = await ask(`schemas/ids/${id}`)
      return answer === undefined ? undefined : schemaAnswer.parse(answer).schema
    },
    async register(subject, schema) {
      const answer = await ask(`subjects/${encodeURIComponent(subject)}/versions`, { schema })
      return idAnswer.parse(answer).id
    },
  }
}

const textOf = async (value: Credential | undefined): Promise<string> =>
  typeof value === 'function' ? value() : (value ?? '')

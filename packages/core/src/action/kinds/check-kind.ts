import * as z from 'zod'
import { parseOptions } from '../../options.js'
import { type ActionKind, consequences } from './kind.js'
import { actionKinds } from './kinds.js'

const kindName = /^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*$/
const taken: ReadonlySet<string> = new Set(actionKinds.map(({ name }) => name))
const people = z.number().int().min(1).max(10)
const said = z.string().min(1).max(200)

const schema = z
  .strictObject({
    name: z
      .string()
      .max(200)
      .regex(kindName, 'must be lower case words joined by dots, e.g. oven.cool')
      .refine((name) => !taken.has(name), 'is a kind that is built in; its bounds hold for everybody'),
    title: z.strictObject({ en: said, zh: said }),
    production: z.boolean(),
    consequence: z.enum(consequences).optional(),
    params: z.custom<z.ZodObject>(
      (value) => value instanceof z.ZodObject,
      'must be an object schema of zod 4',
    ),
    oneOf: z.array(z.string()).min(1).readonly().optional(),
    inverse: said.optional(),
    signaturesToReverse: people.optional(),
    signatures: people.optional(),
    batchParam: z.string().optional(),
    effects: z.custom<object>((value) => typeof value === 'function', 'must be a function').optional(),
  })
  .superRefine(({ params, oneOf = [], batchParam }, context) => {
    const unknown = (path: string, name: string): void =>
      context.addIssue({ code: 'custom', path: [path], message: `${name} is not one of params` })
    for (const name of oneOf) if (!Object.hasOwn(params.shape, name)) unknown('oneOf', name)
    if (batchParam !== undefined && !Object.hasOwn(params.shape, batchParam))
      unknown('batchParam', batchParam)
  })

/**
 * Checks a kind that a connector brings.
 *
 * @param owner the door that it came through, e.g. `defineAction`
 * @throws AndonError OPTIONS_INVALID naming the field, e.g. `defineAction.name`.
 */
export function checkKind(kind: ActionKind, owner: string): void {
  parseOptions(schema, kind, owner)
}

import type * as z from 'zod'
import type { SubjectState } from '../../connector/subject.js'
import type { JsonObject } from '../../json.js'
import type { Localized } from '../../text.js'

/** How bad it would be if the action were wrong. */
export const consequences = ['low', 'medium', 'high'] as const
export type Consequence = (typeof consequences)[number]

/** What Andon knows about a kind of action. */
export interface ActionKind {
  readonly name: string
  readonly title: Localized
  /** Changes production: needs a known product, and an inverse to run in auto. */
  readonly production: boolean
  /** Default: `medium` for production, else `low`. */
  readonly consequence?: Consequence
  /** The parameters, in the rule language's snake_case. */
  readonly params: z.ZodObject
  /** Exactly one of these parameters must be given. */
  readonly oneOf?: readonly string[]
  /** The kind that undoes it; `revert` when the target restores what its receipt proves. */
  readonly inverse?: string
  /** Its inverse needs so many people's signatures, whatever the policy: easy to hold, authority to release. */
  readonly signaturesToReverse?: number
  /** Needs so many people's signatures whatever the policy. */
  readonly signatures?: number
  /** The parameter that must name a batch before anything is held. */
  readonly batchParam?: string
  /**
   * What it changes, and how that stands once it is done. Two actions that change the same thing, or parameters of the
   * same equipment, never run at once; what was done is read back and compared with `fields`; no fields: nothing to compare.
   *
   * @param params as `params` has checked them
   */
  readonly effects?: (params: JsonObject) => readonly SubjectState[]
}

export const consequenceOf = ({ consequence, production }: ActionKind): Consequence =>
  consequence ?? (production ? 'medium' : 'low')

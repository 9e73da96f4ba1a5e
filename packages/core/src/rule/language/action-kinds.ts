/** What a rule may ask for: an action kind and, where it is known, its parameters. */
export interface ActionKindSpec {
  readonly kind: string
  /** Every parameter there is, in snake_case; absent when anything goes. */
  readonly params?: readonly string[]
  /** Those of them that must be given. */
  readonly required?: readonly string[]
}

/** The built-in kinds of DESIGN section 6. */
export const standardActionKinds: readonly ActionKindSpec[] = [
  { kind: 'escalate' },
  { kind: 'notify' },
  { kind: 'quality.notification' },
  { kind: 'material.hold' },
  { kind: 'material.release' },
  { kind: 'parameter.adjust' },
  { kind: 'schedule.prioritise' },
  { kind: 'schedule.rework' },
  { kind: 'inspection.request' },
  { kind: 'case.update' },
]

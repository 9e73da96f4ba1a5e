/** Where a node stands in its rule text: UTF-16 offsets, end exclusive. */
export interface Span {
  readonly start: number
  readonly end: number
}

/** PostgreSQL keeps months, days and time apart: a month is not 30 days until it must be compared. */
export interface Interval {
  readonly months: number
  readonly days: number
  readonly milliseconds: number
}

export type ComparisonOperator = '=' | '<>' | '<' | '<=' | '>' | '>='
export type ArithmeticOperator = '+' | '-' | '*' | '/' | '%' | '||'

export type Expression =
  | {
      readonly type: 'literal'
      readonly value: string | number | boolean | null
      /** A whole number that is written as a decimal, `2.0`: it divides as one. */
      readonly decimal?: true
      readonly span: Span
    }
  | { readonly type: 'interval'; readonly value: Interval; readonly span: Span }
  /** `severity_score`, `component_batches.compressor`; each part is one name. */
  | { readonly type: 'column'; readonly path: readonly string[]; readonly span: Span }
  | { readonly type: 'now'; readonly span: Span }
  | { readonly type: 'not'; readonly operand: Expression; readonly span: Span }
  | { readonly type: 'negate'; readonly operand: Expression; readonly span: Span }
  | {
      readonly type: 'and' | 'or'
      readonly left: Expression
      readonly right: Expression
      readonly span: Span
    }
  | {
      readonly type: 'comparison'
      readonly operator: ComparisonOperator
      readonly left: Expression
      readonly right: Expression
      readonly span: Span
    }
  | {
      readonly type: 'arithmetic'
      readonly operator: ArithmeticOperator
      readonly left: Expression
      readonly right: Expression
      readonly span: Span
    }
  | {
      readonly type: 'between'
      readonly operand: Expression
      readonly low: Expression
      readonly high: Expression
      readonly negated: boolean
      readonly span: Span
    }
  | {
      readonly type: 'in'
      readonly operand: Expression
      readonly list: readonly Expression[]
      readonly negated: boolean
      readonly span: Span
    }
  /** LIKE, or ILIKE when `insensitive`; `escape` is `\` unless the rule says otherwise. */
  | {
      readonly type: 'like'
      readonly operand: Expression
      readonly pattern: Expression
      readonly escape: string
      readonly insensitive: boolean
      readonly negated: boolean
      readonly span: Span
    }
  | { readonly type: 'is-null'; readonly operand: Expression; readonly negated: boolean; readonly span: Span }
  | {
      readonly type: 'is-distinct'
      readonly left: Expression
      readonly right: Expression
      readonly negated: boolean
      readonly span: Span
    }
  /** COUNT(*), SHARE(*) and RATE have no argument. */
  | {
      readonly type: 'aggregate'
      readonly name: AggregateName
      readonly distinct: boolean
      readonly argument?: Expression
      /** FILTER (WHERE …): only entries for which it is true count; SHARE divides those by all. */
      readonly filter?: Expression
      /** RATE counts per this length. */
      readonly per?: Interval
      /** PERCENTILE's, 0 to 1. */
      readonly fraction?: number
      readonly span: Span
    }
  /** With an operand each `when` is a value to compare it with; without one, a condition. No `otherwise`: NULL. */
  | {
      readonly type: 'case'
      readonly operand?: Expression
      readonly branches: readonly CaseBranch[]
      readonly otherwise?: Expression
      readonly span: Span
    }
  /** EXTRACT(hour FROM x) has the field as a text in front; `x AT TIME ZONE 'z'` is TIMEZONE('z', x). */
  | {
      readonly type: 'call'
      readonly name: FunctionName
      readonly args: readonly Expression[]
      readonly span: Span
    }
  /** `x = ANY (…)`, `x <> ALL (…)`: over ARRAY[…], or over a member of a list such as `evidence.mime`. */
  | {
      readonly type: 'quantified'
      readonly operator: ComparisonOperator
      readonly quantifier: 'any' | 'all'
      readonly operand: Expression
      readonly array: Expression
      readonly span: Span
    }
  | { readonly type: 'array'; readonly items: readonly Expression[]; readonly span: Span }

export interface CaseBranch {
  readonly when: Expression
  readonly then: Expression
}

export const aggregateNames = ['COUNT', 'SUM', 'AVG', 'MIN', 'MAX', 'SHARE', 'RATE', 'PERCENTILE'] as const
export type AggregateName = (typeof aggregateNames)[number]

/** PostgreSQL's, with its meaning; `CEILING` and `POSITION(a IN b)` are read as CEIL and STRPOS. */
export const functionNames = [
  'COALESCE',
  'NULLIF',
  'GREATEST',
  'LEAST',
  'LOWER',
  'UPPER',
  'LENGTH',
  'CHAR_LENGTH',
  'TRIM',
  'BTRIM',
  'LTRIM',
  'RTRIM',
  'SUBSTRING',
  'SUBSTR',
  'LEFT',
  'RIGHT',
  'REPLACE',
  'STRPOS',
  'STARTS_WITH',
  'CONCAT',
  'ABS',
  'ROUND',
  'FLOOR',
  'CEIL',
  'MOD',
  'DATE_TRUNC',
  'DATE_PART',
  'EXTRACT',
  'TIMEZONE',
] as const
export type FunctionName = (typeof functionNames)[number]

export const stageNames = ['assembly', 'quality', 'rnd'] as const
export type StageName = (typeof stageNames)[number]

export interface SelectItem {
  readonly expression: Expression
  readonly alias?: string
}

/** Windows whose length is a time; a session is as long as its entries follow one another within `size`. */
export interface TimeWindow {
  readonly kind: 'sliding' | 'tumbling' | 'session'
  readonly size: Interval
  /**
   * ON EVENT TIME LATENESS: entries stand at `last_occurrence_time` instead of their append instant, and the
   * watermark trails the journal by this much. Absent: journal time.
   */
  readonly lateness?: Interval
  /** EMIT FINAL: judged once, when the window closes; tumbling and session windows only. */
  readonly final?: boolean
}

/** The last `count` entries of each group. */
export interface CountWindow {
  readonly kind: 'count'
  readonly count: number
}

export type WindowClause = TimeWindow | CountWindow

/** `MATCH (a, b) WHERE … WITHIN INTERVAL '…'`: feedback that follows one another, each a step with a name. */
export interface MatchClause {
  /** In the order in which they happen; unique. Columns of a step are written `a.serial_number`. */
  readonly steps: readonly string[]
  readonly where?: Expression
  /** From the first step to the last; present whenever there are two or more. */
  readonly within?: Interval
}

/** `WITHOUT (reply) WHERE … WITHIN INTERVAL '…'`: nothing of that kind follows in time. */
export interface WithoutClause {
  readonly step: string
  readonly where?: Expression
  readonly within: Interval
}

/** `ESCALATE TO team` is the kind `escalate` with the parameter `to`; everything else stands behind THEN. */
export interface RuleAction {
  readonly kind: string
  readonly params: Readonly<Record<string, Expression>>
  /** After ON; the only target that handles the kind when absent. */
  readonly target?: string
  /** 1 (first) to 9; 5 when absent. */
  readonly priority?: number
  readonly span: Span
}

/** One rule, whichever face it was written in. The clauses stand in the order in which they are written. */
export interface Rule {
  readonly version: 1
  readonly name: string
  readonly stage?: StageName
  readonly select: '*' | readonly SelectItem[]
  /** What one feedback must be; a rule with MATCH has its conditions there instead. */
  readonly where?: Expression
  readonly match?: MatchClause
  /** Behind WHERE or MATCH. */
  readonly without?: WithoutClause
  readonly groupBy: readonly Expression[]
  readonly window?: WindowClause
  readonly having?: Expression
  /** RESOLVE WHEN: once firing, it stays so until this holds (hysteresis), not only until HAVING fails. */
  readonly resolveWhen?: Expression
  /** FOR: HAVING must hold this long before the rule fires. */
  readonly holdFor?: Interval
  /** KEEP FIRING FOR: it stays firing this long after HAVING held last, so that a flapping value is one firing. */
  readonly keepFiringFor?: Interval
  readonly oncePer?: Interval
  /** INHIBITED BY: silent while one of these rules is firing for the same tenant and the same values of shared groups. */
  readonly inhibitedBy?: readonly string[]
  readonly actions: readonly RuleAction[]
  readonly span: Span
  /** The text it was parsed from, for explanations; absent for rules built in code. */
  readonly text?: string
}

import { stableId } from '../../ids.js'
import type { Rule } from '../../rule/ast.js'
import { hasPattern, partitionColumns } from '../../rule/language/repartition.js'
import { program } from '../../rule/runtime/program.js'
import { topicPart } from './topic-part.js'

/** Rules that must see feedback partitioned by other columns than tenant and model. */
export interface MovedRules {
  /** Columns beside the tenant; none: the tenant alone. */
  readonly columns: readonly string[]
  readonly rules: readonly Rule[]
}

export interface PartitionNeeds {
  /** Rules for which tenant and model are partition enough. */
  readonly staying: readonly Rule[]
  readonly moved: readonly MovedRules[]
}

/** By which columns feedback may be spread for a rule; `any`: it remembers nothing from one feedback to the next. */
type Spread = 'any' | readonly string[]

/**
 * Sorts rules by the partition they need. What a rule groups by must meet in one partition: `product_model` among the
 * groups is enough, for the stream is partitioned by it. Rules that inhibit one another stay together.
 */
export function partitionNeeds(rules: readonly Rule[]): PartitionNeeds {
  const staying: Rule[] = []
  const moved = new Map<string, { readonly columns: readonly string[]; readonly rules: Rule[] }>()
  for (const family of families(rules)) {
    const columns = sharedColumns(family)
    if (columns === 'any' || columns.includes('product_model')) {
      staying.push(...family)
      continue
    }
    const key = JSON.stringify(columns)
    const there = moved.get(key)
    if (there === undefined) moved.set(key, { columns, rules: [...family] })
    else there.rules.push(...family)
  }
  return { staying, moved: [...moved.values()] }
}

/** The topic of copies for some columns; different columns, different topics. */
export function repartitionTopic(stage: string, columns: MovedRules['columns']): string {
  const isPlain = columns.every((column) => /^[a-z0-9_.]+$/.test(column))
  const part = isPlain ? topicPart(columns.join('-')) : stableId('q', ...columns)
  return `repartition.${stage}.${columns.length === 0 ? 'tenant' : part}`
}

function spreadOf(rule: Rule): Spread {
  const { oncePer, holdFor } = rule
  const isGrouped = program(rule).grouping !== undefined
  if (isGrouped || hasPattern(rule)) return partitionColumns(rule, isGrouped)
  return oncePer === undefined && holdFor === undefined ? 'any' : []
}

/** What all rules of a family may be spread by, in a fixed order. */
function sharedColumns(family: readonly Rule[]): Spread {
  const [first = 'any', ...others] = family.map(spreadOf)
  // Alone it may see its feedback anywhere; one that others silence must meet them.
  if (first === 'any' && others.length === 0) return 'any'
  const shared = others.reduce<readonly string[]>(
    (columns, spread) => columns.filter((column) => spread !== 'any' && spread.includes(column)),
    first === 'any' ? [] : first,
  )
  // Every key has the tenant.
  return shared.filter((column) => column !== 'tenant').toSorted()
}

/** Rules that inhibit one another, directly or over others; every other rule is a family of its own. */
function families(rules: readonly Rule[]): readonly (readonly Rule[])[] {
  const headOf = new Map(rules.map(({ name }) => [name, name]))
  const head = (name: string): string => {
    const next = headOf.get(name) ?? name
    return next === name ? name : head(next)
  }
  for (const { name, inhibitedBy = [] } of rules) {
    for (const other of inhibitedBy) headOf.set(head(other), head(name))
  }
  return [...Map.groupBy(rules, ({ name }) => head(name)).values()]
}

import { stableId } from '../../ids.js'
import type { Rule } from '../../rule/ast.js'

/** Rules that must see feedback partitioned by other columns than tenant and model. */
export interface MovedRules {
  /** Columns beside the tenant; none: the tenant alone. */
  readonly columns: readonly (readonly string[])[]
  readonly rules: readonly Rule[]
}

export interface PartitionNeeds {
  /** Rules for which tenant and model are partition enough. */
  readonly staying: readonly Rule[]
  readonly moved: readonly MovedRules[]
}

/** What one rule remembers, and by which columns: `any`: nothing from one feedback to the next. */
type Memory = 'any' | readonly (readonly string[])[]

/**
 * Sorts rules by the partition they need. What a rule groups by must meet in one partition: `product_model` among the
 * groups is enough, for the stream is partitioned by it. Rules that inhibit one another stay together.
 */
export function partitionNeeds(rules: readonly Rule[]): PartitionNeeds {
  const staying: Rule[] = []
  const moved = new Map<
    string,
    { readonly columns: readonly (readonly string[])[]; readonly rules: Rule[] }
  >()
  for (const family of families(rules)) {
    const columns = sharedColumns(family)
    if (columns === 'any' || columns.some(isModel)) {
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

/** The topic of copies for some columns: letters, digits, `.`, `_` and `-` only, as every broker takes them. */
export function repartitionTopic(stage: string, columns: MovedRules['columns']): string {
  const words = columns.map((path) => path.join('.'))
  const name = words.length === 0 ? 'tenant' : words.join('-')
  const safe = /^[\w.-]{1,120}$/.test(name) ? name : stableId('q', ...words)
  return `repartition.${stage}.${safe}`
}

const isModel = (path: readonly string[]): boolean => path.length === 1 && path[0] === 'product_model'

function memoryOf({ groupBy, window, having, match, without, oncePer, holdFor }: Rule): Memory {
  if (groupBy.length > 0) return groupBy.flatMap((by) => (by.type === 'column' ? [by.path] : []))
  const remembers = [window, having, match, without, oncePer, holdFor].some((clause) => clause !== undefined)
  return remembers ? [] : 'any'
}

/** The columns that all rules of a family group by, in a fixed order. */
function sharedColumns(family: readonly Rule[]): Memory {
  const [first, ...others] = family.map(memoryOf)
  // Alone it may see its feedback anywhere; one that others silence must meet them.
  if (first === 'any' && others.length === 0) return 'any'
  return sorted(intersection([first ?? 'any', ...others].map(columnsOf)))
}

const columnsOf = (memory: Memory): readonly (readonly string[])[] => (memory === 'any' ? [] : memory)

function intersection(lists: readonly (readonly (readonly string[])[])[]): readonly (readonly string[])[] {
  const [first = [], ...others] = lists
  const sets = others.map((list) => new Set(list.map((path) => JSON.stringify(path))))
  return first.filter((path) => sets.every((set) => set.has(JSON.stringify(path))))
}

const sorted = (paths: readonly (readonly string[])[]): readonly (readonly string[])[] =>
  paths.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))

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

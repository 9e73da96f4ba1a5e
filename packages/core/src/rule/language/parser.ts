import type { StageName } from '../ast.js'
import { stageNames } from '../ast.js'
import { clauseReaders } from './clause-readers.js'
import type { Cursor } from './cursor.js'
import {
  type ClauseKeyword,
  clauseOrder,
  clausesAfter,
  clauseTitles,
  isAction,
  secondWords,
} from './keywords.js'
import { readName } from './name-parser.js'
import type { ParsedRule } from './parsed-rule.js'
import { parsePatternRest } from './pattern-parser.js'
import { RuleDraft } from './rule-draft.js'
import { parseFrom, parseSelect } from './select-parser.js'
import { candidateRank, candidates } from './suggest.js'

/** Reads every rule of a text; what cannot be read is reported, and reading resumes at the next clause or rule. */
export function parseStatements(cursor: Cursor): readonly ParsedRule[] {
  const rules: ParsedRule[] = []
  while (!cursor.atEnd && !cursor.diagnostics.full) {
    if (cursor.takeSymbol(';')) continue
    const parsed = new RuleParser(cursor).parse()
    if (parsed !== undefined) rules.push(parsed)
  }
  return rules
}

const position: ReadonlyMap<string, number> = new Map(clauseOrder.map((clause, index) => [clause, index]))
const positionOf = (clause: ClauseKeyword): number => position.get(clause) ?? 0
const clauseNamed: ReadonlyMap<string, ClauseKeyword> = new Map(clauseOrder.map((clause) => [clause, clause]))

class RuleParser {
  readonly #cursor: Cursor
  readonly #draft: RuleDraft

  constructor(cursor: Cursor) {
    this.#cursor = cursor
    this.#draft = new RuleDraft(cursor)
  }

  parse(): ParsedRule | undefined {
    const cursor = this.#cursor
    const draft = this.#draft
    const { start } = cursor.token
    if (!draft.attempt(() => this.#header())) this.#skipTo(['SELECT', ...clauseOrder])
    if (cursor.isKeyword('SELECT') || draft.complete) this.#clause(() => parseSelect(draft))
    if (cursor.isKeyword('FROM') || draft.complete) this.#clause(() => parseFrom(draft))
    this.#clauses()
    this.#end()
    const span = cursor.spanFrom(start)
    if (span.end === span.start) cursor.advance()
    if (draft.rule.name === '') return undefined
    const text = cursor.source.text.slice(span.start, span.end)
    return {
      rule: { version: 1, ...draft.rule, span, text },
      places: draft.places,
      complete: draft.complete,
    }
  }

  #clause(part: () => void): void {
    if (!this.#draft.attempt(part)) this.#skipTo(clauseOrder)
  }

  /** Skips to where reading can resume. */
  #skipTo(keywords: readonly string[]): void {
    const cursor = this.#cursor
    let openCases = 0
    while (!cursor.atEnd && !this.#atBoundary()) {
      const { keyword } = cursor.token
      if (keyword === 'CASE') openCases++
      if (keyword === 'END' && openCases > 0) openCases--
      const isBranch = keyword === 'THEN' && openCases > 0
      if (keywords.includes(keyword) && !isBranch && this.#mayBeginClause()) return
      cursor.advance()
    }
  }

  /**
   * Whether the keyword at hand begins a clause and is no name or part of another construct: a parameter may be
   * called `from`, FROM also follows DISTINCT and stands in EXTRACT (hour FROM …), WHERE in FILTER (WHERE …).
   */
  #mayBeginClause(): boolean {
    const { token } = this.#cursor
    const before = this.#cursor.peek(-1)
    const next = this.#cursor.peek(1)
    if (next.kind === 'symbol' && (next.value === '=' || next.value === '.')) return false
    if (before.kind === 'symbol' && (before.value === '.' || before.value === '(')) return false
    if (token.keyword === 'FROM' && next.keyword !== 'FEEDBACKS') {
      const opening = this.#cursor.peek(-2)
      return before.keyword !== 'DISTINCT' && !(opening.kind === 'symbol' && opening.value === '(')
    }
    const second = secondWords.get(token.keyword)
    return (
      second === undefined || second === next.keyword || (next.kind === 'symbol' && second === next.value)
    )
  }

  /** The end of this rule: a semicolon, or the beginning of the next one. */
  #atBoundary(): boolean {
    const { token } = this.#cursor
    if (token.kind === 'symbol') return token.value === ';'
    return token.keyword === 'CREATE' && this.#cursor.peek(1).keyword === 'RULE'
  }

  #header(): void {
    const cursor = this.#cursor
    const { rule, places } = this.#draft
    cursor.needKeyword('CREATE')
    cursor.needKeyword('RULE')
    const { start } = cursor.token
    rule.name = readName(cursor, ruleName)
    places.name = this.#draft.located(start)
    if (cursor.takeKeyword('FOR')) {
      cursor.needKeyword('STAGE')
      rule.stage = this.#stage()
    }
    cursor.needKeyword('AS')
  }

  #stage(): StageName {
    const cursor = this.#cursor
    for (const stage of stageNames) {
      cursor.expect({
        label: { en: stage, zh: stage },
        candidates: candidates([stage], candidateRank.keyword),
      })
    }
    const written = (): StageName | undefined =>
      stageNames.find((name) => name === cursor.token.value.toLowerCase())
    const stage = written() ?? (cursor.repair(stageNames) ? written() : undefined)
    if (stage === undefined) return cursor.fail()
    cursor.advance()
    return stage
  }

  #clauses(): void {
    const cursor = this.#cursor
    let last: ClauseKeyword = 'FROM'
    while (!cursor.diagnostics.full) {
      const found = cursor.token.kind === 'word' ? clauseNamed.get(cursor.token.keyword) : undefined
      if (found === 'WHERE' && (last === 'MATCH' || last === 'WITHOUT')) {
        this.#lateWhere(last)
        continue
      }
      if (found !== undefined) {
        this.#checkOrder(found, last)
        if (positionOf(found) > positionOf(last)) last = found
        this.#clause(() => clauseReaders[found](this.#draft))
        continue
      }
      const valid = isAction(last) ? actionKeywords : clausesAfter(last)
      for (const keyword of valid) cursor.isKeyword(keyword)
      const hasAction = isAction(last)
      if (hasAction) cursor.isSymbol(';')
      if (this.#atBoundary() || cursor.atEnd) {
        // What was lost to a syntax error may well have been the action.
        if (!hasAction && this.#draft.complete) this.#draft.attempt(() => cursor.fail())
        return
      }
      if (!cursor.repair(valid)) this.#clause(() => cursor.fail())
    }
  }

  /** A WHERE behind MATCH or WITHOUT belongs to the pattern: it stands behind WITHIN, or a part before it was lost. */
  #lateWhere(pattern: 'MATCH' | 'WITHOUT'): void {
    if (this.#draft.complete) this.#misplaced('WHERE', 'WITHIN')
    this.#clause(() => parsePatternRest(this.#draft, pattern))
  }

  #checkOrder(found: ClauseKeyword, last: ClauseKeyword): void {
    if (positionOf(found) > positionOf(last) || (isAction(found) && isAction(last))) return
    if (found !== last) {
      this.#misplaced(clauseTitles[found], clauseTitles[last])
      return
    }
    const cursor = this.#cursor
    const name = clauseTitles[found]
    this.#draft.complete = false
    cursor.diagnostics.add(cursor.source, cursor.token, {
      code: 'duplicate',
      message: { en: `a rule has only one ${name}`, zh: `一条规则只能有一个 ${name}` },
    })
  }

  #misplaced(name: string, before: string): void {
    const cursor = this.#cursor
    this.#draft.complete = false
    cursor.diagnostics.add(cursor.source, cursor.token, {
      code: 'syntax',
      message: { en: `${name} stands before ${before}`, zh: `${name} 应写在 ${before} 之前` },
    })
  }

  /** The semicolon; at the very end of the text it may be left out. */
  #end(): void {
    if (this.#cursor.takeSymbol(';') || this.#cursor.atEnd) return
    this.#draft.attempt(() => this.#cursor.needSymbol(';'))
    while (!this.#cursor.atEnd && !this.#atBoundary()) this.#cursor.advance()
    this.#cursor.takeSymbol(';')
  }
}

const ruleName = { label: { en: "the rule's name", zh: '规则名称' } }
const actionKeywords = ['ESCALATE', 'THEN'] as const

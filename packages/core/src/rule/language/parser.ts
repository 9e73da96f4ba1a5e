import type { Expression, Rule, SelectItem, StageName } from '../ast.js'
import { stageNames } from '../ast.js'
import { parseActions } from './action-parser.js'
import { type Cursor, SyntaxStop } from './cursor.js'
import { parseExpression } from './expression-parser.js'
import { readIntervalClause } from './interval-literal.js'
import { type ClauseKeyword, clauseOrder } from './keywords.js'
import { readName } from './name-parser.js'
import type { Located, ParsedRule, RulePlaces } from './parsed-rule.js'
import { candidateRank, candidates } from './suggest.js'

/** The parts of a rule as they are found. */
type Draft = { -readonly [Key in keyof Omit<Rule, 'version' | 'span' | 'text'>]: Rule[Key] }
type DraftPlaces = { -readonly [Key in keyof RulePlaces]: RulePlaces[Key] }

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

const articles = {
  FROM: 'FROM',
  WHERE: 'WHERE',
  GROUP: 'GROUP BY',
  WINDOW: 'WINDOW',
  HAVING: 'HAVING',
  ONCE: 'ONCE PER',
  ESCALATE: 'ESCALATE',
  THEN: 'THEN',
}
const isAction = (clause: ClauseKeyword): boolean => clause === 'ESCALATE' || clause === 'THEN'

class RuleParser {
  readonly #cursor: Cursor
  readonly #draft: Draft = { name: '', select: '*', groupBy: [], actions: [] }
  readonly #places: DraftPlaces
  #complete = true

  constructor(cursor: Cursor) {
    this.#cursor = cursor
    this.#places = { name: this.#located(cursor.token.start), select: [], groupBy: [], actions: [] }
  }

  parse(): ParsedRule | undefined {
    const cursor = this.#cursor
    const { start } = cursor.token
    if (!this.#attempt(() => this.#header())) this.#skipTo(['SELECT', ...clauseOrder])
    if (cursor.isKeyword('SELECT') || this.#complete) this.#clause(() => this.#select())
    if (cursor.isKeyword('FROM') || this.#complete) this.#clause(() => this.#from())
    this.#clauses()
    this.#end()
    const span = cursor.spanFrom(start)
    if (span.end === span.start) cursor.advance()
    if (this.#draft.name === '') return undefined
    const text = cursor.source.text.slice(span.start, span.end)
    return {
      rule: { version: 1, ...this.#draft, span, text },
      places: this.#places,
      complete: this.#complete,
    }
  }

  #located(start: number): Located {
    return { source: this.#cursor.source, span: this.#cursor.spanFrom(start) }
  }

  /** Runs one part; a syntax error inside it ends that part only. */
  #attempt(part: () => void): boolean {
    try {
      part()
      return true
    } catch (problem) {
      if (!(problem instanceof SyntaxStop)) throw problem
      this.#complete = false
      return false
    }
  }

  #clause(part: () => void): void {
    if (!this.#attempt(part)) this.#skipTo(clauseOrder)
  }

  /** Skips to where reading can resume. A parameter may be called `from`: before `=` no clause begins. */
  #skipTo(keywords: readonly string[]): void {
    const cursor = this.#cursor
    let previous = ''
    while (!cursor.atEnd && !this.#atBoundary()) {
      const { keyword } = cursor.token
      const next = cursor.peek(1)
      const isName = next.kind === 'symbol' && next.value === '='
      if (keywords.includes(keyword) && !isName && !(keyword === 'FROM' && previous === 'DISTINCT')) return
      previous = keyword
      cursor.advance()
    }
  }

  /** The end of this rule: a semicolon, or the beginning of the next one. */
  #atBoundary(): boolean {
    const { token } = this.#cursor
    if (token.kind === 'symbol') return token.value === ';'
    return token.keyword === 'CREATE' && this.#cursor.peek(1).keyword === 'RULE'
  }

  #header(): void {
    const cursor = this.#cursor
    cursor.needKeyword('CREATE')
    cursor.needKeyword('RULE')
    const { start } = cursor.token
    this.#draft.name = readName(cursor, { label: { en: "the rule's name", zh: '规则名称' } })
    this.#places.name = this.#located(start)
    if (cursor.takeKeyword('FOR')) {
      cursor.needKeyword('STAGE')
      this.#draft.stage = this.#stage()
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

  #select(): void {
    const cursor = this.#cursor
    cursor.needKeyword('SELECT')
    if (cursor.takeSymbol('*')) return
    const items: SelectItem[] = []
    const places: RulePlaces['select'][number][] = []
    do {
      const expression = parseExpression(cursor, ['AS', 'FROM'])
      if (cursor.takeKeyword('AS')) {
        const { start } = cursor.token
        const alias = readName(cursor, { label: { en: 'an alias', zh: '别名' } })
        items.push({ expression, alias })
        places.push({ source: cursor.source, alias: this.#located(start) })
      } else {
        items.push({ expression })
        places.push({ source: cursor.source })
      }
    } while (cursor.takeSymbol(','))
    this.#draft.select = items
    this.#places.select = places
  }

  #from(): void {
    const cursor = this.#cursor
    cursor.needKeyword('FROM')
    cursor.expect({
      label: { en: 'feedbacks', zh: 'feedbacks' },
      candidates: candidates(['feedbacks'], candidateRank.keyword),
    })
    if (cursor.token.value.toLowerCase() === 'feedbacks' || cursor.repair(['feedbacks'])) cursor.advance()
    else cursor.fail()
  }

  #clauses(): void {
    const cursor = this.#cursor
    let last: ClauseKeyword = 'FROM'
    while (!cursor.diagnostics.full) {
      const found = clauseOrder.find((keyword) => cursor.token.keyword === keyword)
      if (found !== undefined) {
        this.#checkOrder(found, last)
        if (clauseOrder.indexOf(found) > clauseOrder.indexOf(last)) last = found
        this.#clause(() => this.#readClause(found))
        continue
      }
      const valid = clauseOrder.filter(
        (keyword) => clauseOrder.indexOf(keyword) > clauseOrder.indexOf(last) || isAction(keyword),
      )
      for (const keyword of valid) cursor.isKeyword(keyword)
      const hasAction = isAction(last)
      if (hasAction) cursor.isSymbol(';')
      if (this.#atBoundary() || cursor.atEnd) {
        // What was lost to a syntax error may well have been the action.
        if (!hasAction && this.#complete) this.#attempt(() => cursor.fail())
        return
      }
      if (!cursor.repair(valid)) this.#clause(() => cursor.fail())
    }
  }

  #checkOrder(found: ClauseKeyword, last: ClauseKeyword): void {
    if (clauseOrder.indexOf(found) > clauseOrder.indexOf(last) || (isAction(found) && isAction(last))) return
    const cursor = this.#cursor
    const [name, before] = [articles[found], articles[last]]
    const repeated = found === last
    this.#complete = false
    cursor.diagnostics.add(cursor.source, cursor.token, {
      code: repeated ? 'duplicate' : 'syntax',
      message: repeated
        ? { en: `a rule has only one ${name}`, zh: `一条规则只能有一个 ${name}` }
        : { en: `${name} stands before ${before}`, zh: `${name} 应写在 ${before} 之前` },
    })
  }

  #readClause(clause: ClauseKeyword): void {
    const cursor = this.#cursor
    const { source } = cursor
    switch (clause) {
      case 'FROM':
        this.#from()
        return
      case 'WHERE':
        cursor.advance()
        this.#draft.where = parseExpression(cursor, ['GROUP', 'WINDOW', 'HAVING', 'ONCE', 'ESCALATE', 'THEN'])
        this.#places.where = source
        return
      case 'GROUP':
        this.#groupBy()
        return
      case 'WINDOW':
        this.#window()
        return
      case 'HAVING':
        cursor.advance()
        this.#draft.having = parseExpression(cursor, ['ONCE', 'ESCALATE', 'THEN'])
        this.#places.having = source
        return
      case 'ONCE': {
        const { start } = cursor.advance()
        cursor.needKeyword('PER')
        const length = readIntervalClause(cursor)
        if (length === undefined) this.#complete = false
        else this.#draft.oncePer = length.value
        this.#places.oncePer = length === undefined ? this.#located(start) : { source, span: length.span }
        return
      }
      case 'ESCALATE':
      case 'THEN': {
        const { actions, places } = parseActions(cursor)
        this.#draft.actions = [...this.#draft.actions, ...actions]
        this.#places.actions = [...this.#places.actions, ...places]
      }
    }
  }

  #groupBy(): void {
    const cursor = this.#cursor
    cursor.advance()
    cursor.needKeyword('BY')
    const items: Expression[] = []
    do items.push(parseExpression(cursor, ['WINDOW', 'HAVING', 'ONCE', 'ESCALATE', 'THEN']))
    while (cursor.takeSymbol(','))
    this.#draft.groupBy = items
    this.#places.groupBy = items.map(() => cursor.source)
  }

  #window(): void {
    const cursor = this.#cursor
    const { start } = cursor.advance()
    const kind = this.#windowKind()
    const size = readIntervalClause(cursor)
    if (size === undefined) this.#complete = false
    else this.#draft.window = { kind, size: size.value }
    this.#places.window =
      size === undefined ? this.#located(start) : { source: cursor.source, span: size.span }
  }

  #windowKind(): 'sliding' | 'tumbling' {
    const cursor = this.#cursor
    if (cursor.takeKeyword('SLIDING')) return 'sliding'
    if (cursor.takeKeyword('TUMBLING')) return 'tumbling'
    if (!cursor.repair(['SLIDING', 'TUMBLING'])) return cursor.fail()
    return cursor.advance().keyword === 'SLIDING' ? 'sliding' : 'tumbling'
  }

  /** The semicolon; at the very end of the text it may be left out. */
  #end(): void {
    if (this.#cursor.takeSymbol(';') || this.#cursor.atEnd) return
    this.#attempt(() => this.#cursor.needSymbol(';'))
    while (!this.#cursor.atEnd && !this.#atBoundary()) this.#cursor.advance()
    this.#cursor.takeSymbol(';')
  }
}

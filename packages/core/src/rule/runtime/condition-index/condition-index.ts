import type { Expression } from '../../ast.js'
import { compile, type Evaluate, type Row } from '../compile.js'

export class ConditionIndex {
  readonly #conditions = new Map<number, Evaluate | undefined>()

  add(id: number, condition: Expression | undefined): void {
    this.#conditions.set(id, condition && compile(condition))
  }

  remove(id: number): void {
    this.#conditions.delete(id)
  }

  match(row: Row, into: number[]): void {
    into.length = 0
    for (const [id, holds] of this.#conditions) if (holds === undefined || holds(row) === true) into.push(id)
    into.sort((a, b) => a - b)
  }
}

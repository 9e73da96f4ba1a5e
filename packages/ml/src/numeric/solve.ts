/**
 * Solves A·x = b by Gaussian elimination with partial pivoting.
 *
 * @param matrix n rows of n
 * @returns null when the matrix is singular to within rounding
 */
export function solve(matrix: readonly (readonly number[])[], right: readonly number[]): number[] | null {
  const size = right.length
  const rows = matrix.map((row, index) => [...row, right[index] ?? 0])
  const largest = Math.max(...matrix.flat().map(Math.abs))
  for (let column = 0; column < size; column++) {
    const best = rows.reduce(
      (found, row, index) =>
        index > found && Math.abs(at(row, column)) > Math.abs(at(rows[found], column)) ? index : found,
      column,
    )
    const pivot = rows[best]
    if (pivot === undefined || Math.abs(at(pivot, column)) <= largest * 1e-12) return null
    rows[best] = rows[column] ?? []
    rows[column] = pivot
    for (const row of rows.slice(column + 1)) {
      const factor = at(row, column) / at(pivot, column)
      for (let k = column; k <= size; k++) row[k] = at(row, k) - factor * at(pivot, k)
    }
  }
  const solution = new Array<number>(size).fill(0)
  for (let index = size - 1; index >= 0; index--) {
    let rest = at(rows[index], size)
    for (let k = index + 1; k < size; k++) rest -= at(rows[index], k) * at(solution, k)
    solution[index] = rest / at(rows[index], index)
  }
  return solution
}

/** A⁻¹; null when the matrix is singular to within rounding. */
export function invert(matrix: readonly (readonly number[])[]): number[][] | null {
  const columns: number[][] = []
  for (const column of matrix.keys()) {
    const solved = solve(
      matrix,
      matrix.map((_, row) => (row === column ? 1 : 0)),
    )
    if (solved === null) return null
    columns.push(solved)
  }
  return matrix.map((_, row) => columns.map((column) => at(column, row)))
}

const at = (row: readonly number[] | undefined, index: number): number => row?.[index] ?? 0

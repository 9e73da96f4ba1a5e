/** x·ln x, 0 at 0. */
const xlnx = (x: number): number => (x > 0 ? x * Math.log(x) : 0)

/**
 * How much likelier `cases` are with a higher rate inside than with one rate everywhere, in logarithms; 0 where the rate
 * inside is not higher.
 *
 * c·ln(c/E) + (C − c)·ln((C − c)/(C − E))
 */
export function poissonRatio(cases: number, expected: number, total: number): number {
  if (cases <= expected) return 0
  const outside = total - cases
  return (
    cases * Math.log(cases / expected) + (outside > 0 ? outside * Math.log(outside / (total - expected)) : 0)
  )
}

/**
 * The same for units that are cases or not, `units` of them inside, `all` altogether.
 *
 * ln L = Σ over inside and outside of c·ln(c/n) + (n − c)·ln((n − c)/n), less the same over all
 */
export function bernoulliRatio(cases: number, units: number, total: number, all: number): number {
  if (cases * all <= total * units) return 0
  const side = (c: number, n: number): number => xlnx(c) + xlnx(n - c) - xlnx(n)
  return Math.max(0, side(cases, units) + side(total - cases, all - units) - side(total, all))
}

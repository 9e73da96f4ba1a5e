import cdf from '@stdlib/stats-base-dists-t-cdf'

/** P(|T| ≥ |t|) for Student's t with so many degrees of freedom. */
export const studentTwoSided = (t: number, degrees: number): number => 2 * cdf(-Math.abs(t), degrees)

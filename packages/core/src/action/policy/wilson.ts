/** The 97.5 % quantile of the standard normal distribution: two-sided 95 %. */
const z = 1.959963984540054

/**
 * The lower end of the 95 % score interval of a proportion, `successes` of `trials`: what the share is at least, as far
 * as so few trials can tell; 0 without trials.
 *
 * (p + z²/2n − z·√(p(1 − p)/n + z²/4n²)) / (1 + z²/n)
 *
 * @see E. B. Wilson, J. Am. Stat. Assoc. 22 (1927) 209–212
 */
export function wilsonLowerBound(successes: number, trials: number): number {
  if (trials === 0) return 0
  const share = successes / trials
  const spread = z * Math.sqrt((share * (1 - share)) / trials + z ** 2 / (4 * trials ** 2))
  return Math.max(0, (share + z ** 2 / (2 * trials) - spread) / (1 + z ** 2 / trials))
}

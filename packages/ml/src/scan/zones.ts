/** Where a region's centre is: in any unit on a plane, or longitude and latitude in degrees on the globe. */
export interface Place {
  readonly x: number
  readonly y: number
}

export type Geography = 'plane' | 'globe'

/**
 * All circles around one region: its neighbours, nearest first, and how many of them each circle holds. Regions at one
 * distance enter together.
 */
export interface Circles {
  readonly neighbours: Int32Array
  /** In order; the last is the largest circle. */
  readonly sizes: Int32Array
}

/**
 * The circles around every region that hold at most `most` of the weights. Regions without weight are in none.
 *
 * @param weights exposure of each region; in the permutation model its cases
 */
export function circlesOf(
  places: readonly Place[],
  weights: ArrayLike<number>,
  most: number,
  geography: Geography,
): Circles[] {
  const distanceOf = geography === 'plane' ? onPlane : onGlobe
  const counting = places.flatMap((place, index) => ((weights[index] ?? 0) > 0 ? [{ place, index }] : []))
  return counting.map(({ place: center }) => {
    const byDistance = counting
      .map(({ place, index }) => ({ index, distance: distanceOf(center, place) }))
      .sort((a, b) => a.distance - b.distance || a.index - b.index)
    const sizes: number[] = []
    let weight = 0
    for (const [position, { index, distance }] of byDistance.entries()) {
      weight += weights[index] ?? 0
      if (weight > most) break
      if (byDistance[position + 1]?.distance !== distance) sizes.push(position + 1)
    }
    const neighbours = byDistance.slice(0, sizes.at(-1) ?? 0).map(({ index }) => index)
    return { neighbours: Int32Array.from(neighbours), sizes: Int32Array.from(sizes) }
  })
}

const onPlane = (a: Place, b: Place): number => Math.hypot(a.x - b.x, a.y - b.y)

/** The haversine of the angle between them, which grows with it. */
function onGlobe(a: Place, b: Place): number {
  const radians = Math.PI / 180
  const across = Math.sin(((a.x - b.x) * radians) / 2) ** 2
  const along = Math.sin(((a.y - b.y) * radians) / 2) ** 2
  return along + Math.cos(a.y * radians) * Math.cos(b.y * radians) * across
}

/** How far the roll-out in a product line has come. */
export const phases = ['pilot', 'extension', 'optimisation'] as const
export type Phase = (typeof phases)[number]

import type { RawPayload } from '@andon/core/connector'
import { webPayload } from '../payloads.mjs'
import { seeded } from '../random.mjs'

/** How a worker, or what it stands on, goes wrong. */
export type Trouble =
  /** As at kill -9. */
  | 'die'
  /** The bus takes it for dead and it hears nothing of that: its store still answers. */
  | 'vanish'
  | 'leave'
  | 'join'
  | 'store-down'
  | 'bus-down'
  /** Some of what it asks fails, anywhere in what it does. */
  | 'store-flaky'
  | 'bus-flaky'
  /** What it publishes arrives, and it is told that it does not. */
  | 'lost-answers'
  | 'target-fails'

export const troubles: readonly Trouble[] = [
  ...(['die', 'vanish', 'leave', 'join', 'store-down', 'bus-down', 'lost-answers'] as const),
  ...(['store-flaky', 'bus-flaky', 'target-fails'] as const),
]

export type Step =
  | { readonly kind: 'feedback'; readonly payloads: readonly RawPayload[] }
  | { readonly kind: 'trouble'; readonly trouble: Trouble; readonly steps: number }

/** One run, the same for the same seed. */
export interface Plan {
  readonly workers: number
  readonly partitions: number
  readonly snapshotEvery: number
  readonly steps: readonly { readonly step: Step; readonly thenMs: number }[]
  readonly random: () => number
}

export const stormBegins = Date.UTC(2026, 2, 1, 8)

export function planOf(seed: number): Plan {
  const random = seeded(seed)
  const below = (limit: number): number => Math.floor(random() * limit)
  const pick = <T>(all: readonly [T, ...T[]]): T => all[below(all.length)] ?? all[0]
  let made = 0
  const complaint = (): RawPayload => {
    // Some come twice.
    const id = random() < 0.08 && made > 0 ? below(made) : made++
    const own = seeded(seed * 1009 + id)
    const of = (limit: number): number => Math.floor(own() * limit)
    return webPayload({
      ...{ id: `complaint-${id}`, at: stormBegins + id },
      ...{ model: `KX-${of(5)}`, serial: `SN-${of(200)}`, compressor: `C-${of(2)}`, severity: of(10) },
      fault: of(2) === 0 ? 'E-COOL-01' : 'E-DOOR-07',
      region: ['CN-GD', 'DE-BY', 'US-CA'][of(3)] ?? 'CN-GD',
    })
  }
  const count = 12 + below(24)
  const steps = Array.from({ length: count }, () => {
    const step: Step =
      random() < 0.35
        ? { kind: 'trouble', trouble: pick(['die', ...troubles]), steps: 1 + below(4) }
        : { kind: 'feedback', payloads: Array.from({ length: 1 + below(6) }, complaint) }
    return { step, thenMs: pick([0, 1, 40, 300, 700, 1500, 4000, 9000, 20_000]) }
  })
  return {
    workers: 1 + below(3),
    partitions: 1 + below(6),
    snapshotEvery: pick([5, 20, 200_000]),
    steps,
    random,
  }
}

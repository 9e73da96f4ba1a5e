import { setTimeout as wait } from 'node:timers/promises'
import { end, start } from '../calendar.js'
import type { Chronicle } from '../story/chronicle.js'
import type { Scene } from '../story/simulate.js'
import { frame } from './frame.js'
import type { Paint } from './paint.js'
import type { Locale } from './words.js'

export interface LiveOptions {
  readonly out: NodeJS.WriteStream
  readonly locale: Locale
  readonly paint: Paint
  readonly chronicle: Chronicle
  /** How long the whole simulation shall take to watch; 0: as fast as it can. */
  readonly paceMs: number
}

export interface LiveView {
  step(scene: Scene): Promise<void>
  /** Gives the terminal back; may be called twice. */
  close(): void
}

/** Smaller terminals get the story line by line. */
export const smallest = { columns: 60, rows: 20 } as const

const frameMs = 60
/** When something happens, there is time to read it. */
const readingMs = 600

const csi = '\u001b['
const enter = `${csi}?1049h${csi}?25l`
const leave = `${csi}?25h${csi}?1049l`

/** Draws frame after frame on the terminal's second screen. */
export function liveView({ out, locale, paint, chronicle, paceMs }: LiveOptions): LiveView {
  let isOpen = false
  let drawnAt = 0
  let told = 0
  const began = performance.now()
  let pauses = 0

  const draw = (scene: Scene): void => {
    if (!isOpen) out.write(enter)
    isOpen = true
    const width = Math.max(smallest.columns, Math.min(140, out.columns ?? 80))
    const height = Math.max(smallest.rows, out.rows ?? 24)
    const lines = frame(scene, chronicle.events, { width, height, locale, paint })
    out.write(`${csi}H${lines.map((line) => `${line}${csi}K`).join('\n')}${csi}J`)
    drawnAt = performance.now()
  }

  return {
    async step(scene) {
      const isNews = chronicle.events.length > told
      told = chronicle.events.length
      if (isNews || performance.now() - drawnAt >= frameMs || scene.now >= end) draw(scene)
      if (paceMs === 0) return
      const due = began + pauses + (paceMs * (scene.now - start)) / (end - start)
      if (isNews) pauses += readingMs
      const early = due + (isNews ? readingMs : 0) - performance.now()
      if (early > 0) await wait(early)
    },
    close() {
      if (!isOpen) return
      isOpen = false
      out.write(leave)
    },
  }
}

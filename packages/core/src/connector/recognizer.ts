import type { Evidence } from '../feedback/schema.js'
import type { Plugin } from './plugin.js'

export interface Transcript {
  readonly text: string
  readonly engine: string
  /** 0 to 1. */
  readonly confidence: number
}

/** Turns an attachment into text beside the original. */
export interface Recognizer extends Plugin {
  readonly media: 'image' | 'audio'
  recognize(evidence: Evidence, context: { readonly signal: AbortSignal }): Promise<Transcript>
}

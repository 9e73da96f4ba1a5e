import type { Target } from '../connector/target.js'
import { hostTarget } from './propose.js'

/** Tells the host by the `action` event alone: escalations work before any chat system is connected. */
export function createHostTarget(): Target {
  return {
    contract: 1,
    name: hostTarget,
    capabilities: { delivers: 'the action event' },
    handles: ['escalate', 'notify'],
    execute: async (action) => ({ reference: `event:${action.id}` }),
    check: async () => ({ ok: true }),
  }
}

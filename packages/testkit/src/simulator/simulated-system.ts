import type { SimulatorAnswer, SimulatorRequest } from './exchange.js'
import type { SystemFault } from './fault-kinds.js'

/** What a simulated system is made of. */
export interface SimulatedSystem {
  /** Its whole behaviour; synchronous, so that one request is wholly done before the next is looked at. */
  handle(request: SimulatorRequest): SimulatorAnswer
  /** A refusal in the system's own error shape, for a fault that is a status. */
  problem(status: number, request: SimulatorRequest): SimulatorAnswer
  /** Whether the request changes something; where absent, all but GET, HEAD and OPTIONS do. */
  isWrite?(request: SimulatorRequest): boolean
  /** What a request waits for before it is handled, where its caller asked to wait: a long poll. */
  waitsFor?(request: SimulatorRequest): Promise<void> | undefined
  /**
   * Makes a fault that only the system can make, just before the request is handled; false when this request is
   * none for it, and then nothing may have been done.
   */
  upset?(fault: SystemFault, request: SimulatorRequest): boolean
}

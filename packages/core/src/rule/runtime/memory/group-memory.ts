import type { Group } from '../group.js'
import { GroupDirectory } from './group-directory.js'
import { RingArena } from './ring-arena.js'
import { ValueCodes } from './value-codes.js'

/** What all windows of one engine share: where their entries stand, and how their groups are found. */
export class GroupMemory {
  readonly arena = new RingArena()
  readonly groups = new GroupDirectory<Group>(new ValueCodes())
  #owners = 0
  #touches = 0

  nextOwner(): number {
    return this.#owners++
  }

  /** A number that only grows, for what has just been touched. */
  nextTouch(): number {
    return ++this.#touches
  }
}

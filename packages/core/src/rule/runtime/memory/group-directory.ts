import type { Value } from '../value.js'
import { finished, mixed } from './hash.js'
import type { ValueCodes } from './value-codes.js'

/** Whole numbers of one key: owner, tenant, values, and their hash. */
const stride = 8
const mostValues = 5
const hashAt = 7
const firstRoom = 64
const gone = -1

/**
 * Finds what belongs to an owner, a tenant and some values: an open-addressing hash table over small whole numbers,
 * one for a whole engine. A look-up touches two or three places of memory, however many owners there are.
 */
export class GroupDirectory<T> {
  readonly #codes: ValueCodes
  readonly #entries: (T | undefined)[] = []
  readonly #freeIds: number[] = []
  #keys = new Int32Array(firstRoom * stride)
  /** Ids + 1 by hash; 0 is empty. */
  #places = new Int32Array(firstRoom * 2)
  /** Places that are not empty. */
  #taken = 0
  /** The key that is looked for: filled by `#find`. */
  readonly #wanted = new Int32Array(stride)

  constructor(codes: ValueCodes) {
    this.#codes = codes
  }

  get(owner: number, tenant: string, values: readonly Value[]): T | undefined {
    const id = this.#isKnown(owner, tenant, values) ? this.#find() : -1
    return id < 0 ? undefined : this.#entries[id]
  }

  /** Adds what is not there yet. */
  add(owner: number, tenant: string, values: readonly Value[], entry: T): void {
    const parts = partsOf(tenant, values)
    this.#write(
      owner,
      parts.map((part) => this.#codes.take(part)),
    )
    if ((this.#taken + 1) * 2 > this.#places.length) this.#rehash()
    const id = this.#freeIds.pop() ?? this.#entries.length
    if ((id + 1) * stride > this.#keys.length) this.#keys = widened(this.#keys)
    this.#entries[id] = entry
    this.#keys.set(this.#wanted, id * stride)
    this.#settle(id)
  }

  delete(owner: number, tenant: string, values: readonly Value[]): void {
    if (!this.#isKnown(owner, tenant, values)) return
    const id = this.#find()
    if (id < 0) return
    for (const part of partsOf(tenant, values)) this.#codes.release(this.#codes.find(part) ?? 0)
    this.#entries[id] = undefined
    this.#freeIds.push(id)
    const mask = this.#places.length - 1
    let place = (this.#keys[id * stride + hashAt] ?? 0) & mask
    while (this.#places[place] !== id + 1) place = (place + 1) & mask
    this.#places[place] = gone
  }

  /** Writes the wanted key; false when one of its parts is known to nobody. */
  #isKnown(owner: number, tenant: string, values: readonly Value[]): boolean {
    if (values.length > mostValues) {
      const codes = partsOf(tenant, values).map((part) => this.#codes.find(part))
      if (codes.includes(undefined)) return false
      this.#write(
        owner,
        codes.map((code = 0) => code),
      )
      return true
    }
    const wanted = this.#wanted
    const tenantCode = this.#codes.find(tenant)
    if (tenantCode === undefined) return false
    wanted[0] = owner
    wanted[1] = tenantCode
    for (let i = 0; i < mostValues; i++) {
      const code = i < values.length ? this.#codes.find(values[i] ?? null) : 0
      if (code === undefined) return false
      wanted[2 + i] = code
    }
    wanted[hashAt] = hashOf(wanted)
    return true
  }

  #write(owner: number, codes: readonly number[]): void {
    const wanted = this.#wanted
    wanted.fill(0)
    wanted[0] = owner
    wanted.set(codes, 1)
    wanted[hashAt] = hashOf(wanted)
  }

  /** The id of the wanted key, or -1. */
  #find(): number {
    const wanted = this.#wanted
    const mask = this.#places.length - 1
    for (let place = (wanted[hashAt] ?? 0) & mask; ; place = (place + 1) & mask) {
      const found = this.#places[place] ?? 0
      if (found === 0) return -1
      if (found !== gone && this.#isWanted(found - 1)) return found - 1
    }
  }

  #isWanted(id: number): boolean {
    const from = id * stride
    for (let i = 0; i < stride; i++) if (this.#keys[from + i] !== this.#wanted[i]) return false
    return true
  }

  /** Puts an id into the first place that its hash leads to. */
  #settle(id: number): void {
    const mask = this.#places.length - 1
    let place = (this.#keys[id * stride + hashAt] ?? 0) & mask
    while ((this.#places[place] ?? 0) > 0) place = (place + 1) & mask
    if (this.#places[place] === 0) this.#taken++
    this.#places[place] = id + 1
  }

  /** Twice the room when half of it is in use; else only what is gone goes. */
  #rehash(): void {
    const living = this.#entries.length - this.#freeIds.length
    const room = living * 4 > this.#places.length ? this.#places.length * 2 : this.#places.length
    this.#places = new Int32Array(room)
    this.#taken = 0
    for (const [id, entry] of this.#entries.entries()) if (entry !== undefined) this.#settle(id)
  }
}

/** At most as many parts as a key has room for: further values are put together into one. */
function partsOf(tenant: string, values: readonly Value[]): readonly Value[] {
  if (values.length <= mostValues) return [tenant, ...values]
  return [tenant, ...values.slice(0, mostValues - 1), JSON.stringify(values.slice(mostValues - 1))]
}

function hashOf(key: Int32Array): number {
  let hash = 0
  for (let i = 0; i < hashAt; i++) hash = mixed(hash, key[i] ?? 0)
  return finished(hash)
}

function widened(keys: Int32Array): Int32Array<ArrayBuffer> {
  const wider = new Int32Array(keys.length * 2)
  wider.set(keys)
  return wider
}

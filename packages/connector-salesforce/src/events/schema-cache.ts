import { type EventReader, eventReader } from './change-event.js'

/** More than an object ever has within 72 hours. */
const most = 50

/**
 * The schemas of events, each asked for once. A call that fails is forgotten: the next event that needs the schema asks
 * again, so one failure stalls nothing.
 */
export class SchemaCache {
  readonly #load: (schemaId: string) => Promise<string>
  readonly #readers = new Map<string, EventReader>()
  readonly #loading = new Map<string, Promise<EventReader>>()

  constructor(load: (schemaId: string) => Promise<string>) {
    this.#load = load
  }

  /** The reader where it is known: no promise for each event. */
  known(schemaId: string): EventReader | undefined {
    return this.#readers.get(schemaId)
  }

  async reader(schemaId: string): Promise<EventReader> {
    const known = this.#readers.get(schemaId)
    if (known !== undefined) return known
    const loading = this.#loading.get(schemaId) ?? this.#read(schemaId)
    this.#loading.set(schemaId, loading)
    try {
      return await loading
    } finally {
      this.#loading.delete(schemaId)
    }
  }

  async #read(schemaId: string): Promise<EventReader> {
    const reader = eventReader(await this.#load(schemaId))
    this.#readers.set(schemaId, reader)
    for (const oldest of this.#readers.keys()) {
      if (this.#readers.size <= most) break
      this.#readers.delete(oldest)
    }
    return reader
  }
}

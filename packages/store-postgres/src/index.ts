export type { PostgresStoreOptions, PostgresTls } from './options.js'
export { postgresStore } from './postgres-store.js'

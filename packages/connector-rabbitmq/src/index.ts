export type { RabbitBusOptions, RabbitHistory } from './bus-options.js'
export type { RabbitConnectionOptions, RabbitTlsOptions, Secret } from './connection-options.js'
export type { RabbitBatch, RetryRequest } from './rabbit-batch.js'
export { type RabbitBus, rabbitBus } from './rabbit-bus.js'

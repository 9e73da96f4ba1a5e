export type { KafkaBusOptions } from './bus-options.js'
export type { Credential, KafkaConnection, SaslOptions, TlsOptions } from './cluster/connection.js'
export type { GroupLag } from './group/group-lag.js'
export { type KafkaBus, kafkaBus } from './kafka-bus.js'
export { type KafkaSinkOptions, kafkaSink } from './kafka-sink.js'
export { type KafkaSourceOptions, kafkaSource } from './kafka-source.js'
export type { TopicSettings } from './topics/topic-settings.js'
export { type AvroCodecOptions, avroCodec } from './value/avro-codec.js'
export {
  type HttpSchemaRegistryOptions,
  httpSchemaRegistry,
  type SchemaRegistry,
} from './value/schema-registry.js'
export { type DecodedValue, jsonCodec, type ValueCodec } from './value/value-codec.js'

export { type AttributeValue, flattenAttributes } from './attributes.js'
export { contentOf } from './content.js'
export { type Instant, type InstantReading, readInstant } from './dates.js'
export type { DraftInstant, FeedbackDraft } from './draft.js'
export {
  type FeedbackField,
  type FieldMember,
  type FieldType,
  feedbackFields,
  feedbackJsonSchema,
} from './fields.js'
export { maskPhoneNumbers } from './phone-numbers.js'
export {
  type ChannelName,
  type Condition,
  channelNames,
  type Evidence,
  type Feedback,
  type FeedbackFieldName,
  type FeedbackRecord,
  feedbackRecordSchema,
  feedbackSchema,
  type RawRecord,
  type SafetyFlags,
  schemaVersion,
} from './schema.js'

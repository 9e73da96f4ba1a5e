export type { DraftInstant, FeedbackDraft } from './draft.js'
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

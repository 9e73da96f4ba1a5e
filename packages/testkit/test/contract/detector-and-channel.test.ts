import { sampleFeedback } from '@andon/testkit'
import { channelContract, detectorContract } from '@andon/testkit/vitest'
import { counterDetector } from '../support/counter.js'
import { noteChannel, notes, otherPayload } from '../support/note-channel.js'

const stream = Array.from({ length: 100 }, (_, index) =>
  sampleFeedback(index, { productModel: `KX-${index % 4}` }),
)

detectorContract(() => ({ detector: counterDetector(10), stream }))
channelContract(() => ({ channel: noteChannel, payloads: notes, foreign: [otherPayload] }))

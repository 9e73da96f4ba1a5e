import type { ChannelName } from '@andon/core/feedback'
import type { Message, Payload } from '../customers/message.js'
import { writeApp } from './app.js'
import { writeCall } from './call.js'
import { writeEcommerce } from './ecommerce.js'
import { writeEmail } from './email.js'
import { writeFieldService } from './field-service.js'
import { writeIot } from './iot.js'
import { writeLivechat } from './livechat.js'
import { writeSms } from './sms.js'
import { writeStore } from './store.js'
import { writeWeb } from './web.js'
import { writeWechat } from './wechat.js'
import { writeWeibo } from './weibo.js'

/** One writer per channel: a message in the shape in which the platform delivers it. */
export const writers: Readonly<Record<ChannelName, (message: Message) => Payload>> = {
  web: writeWeb,
  app: writeApp,
  call: writeCall,
  email: writeEmail,
  sms: writeSms,
  wechat: writeWechat,
  weibo: writeWeibo,
  ecommerce: writeEcommerce,
  livechat: writeLivechat,
  store: writeStore,
  'field-service': writeFieldService,
  iot: writeIot,
}

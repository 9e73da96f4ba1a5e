import type { Channel } from '@andon/core/connector'
import { appChannel } from './app.js'
import { type CallOptions, callChannel } from './call.js'
import { type EcommerceOptions, ecommerceChannel } from './ecommerce/ecommerce.js'
import { emailChannel } from './email/email.js'
import { type FieldServiceOptions, fieldServiceChannel } from './field-service.js'
import { type IotOptions, iotChannel } from './iot.js'
import { type LivechatOptions, livechatChannel } from './livechat.js'
import { withCrmCases } from './shared/crm-case.js'
import { type SmsOptions, smsChannel } from './sms.js'
import { type StoreOptions, storeChannel } from './store.js'
import { type WebOptions, webChannel } from './web.js'
import { wechatChannel } from './wechat/wechat.js'
import { weiboChannel } from './weibo.js'

/** Options per channel; each is checked strictly when the channel is made. */
export interface StandardChannelsOptions {
  readonly web?: WebOptions
  readonly call?: CallOptions
  readonly sms?: SmsOptions
  readonly ecommerce?: EcommerceOptions
  readonly livechat?: LivechatOptions
  readonly store?: StoreOptions
  readonly fieldService?: FieldServiceOptions
  readonly iot?: IotOptions
}

/**
 * All twelve channel parsers; each also reads a CRM's cases that came in by its channel. Exactly one of them recognises a
 * real payload.
 * @throws AndonError OPTIONS_INVALID naming the option, such as `web.fields.q7`
 */
export function standardChannels(options: StandardChannelsOptions = {}): readonly Channel[] {
  const origin = { module: import.meta.url, export: 'standardChannels', options }
  const channels = [
    webChannel(options.web),
    appChannel(),
    callChannel(options.call),
    emailChannel(),
    smsChannel(options.sms),
    wechatChannel(),
    weiboChannel(),
    ecommerceChannel(options.ecommerce),
    livechatChannel(options.livechat),
    storeChannel(options.store),
    fieldServiceChannel(options.fieldService),
    iotChannel(options.iot),
  ]
  // The same set can be made on another thread, where reading may run.
  return channels.map((channel) => ({ ...withCrmCases(channel), origin }))
}

import { localTime } from '../calendar.js'
import type { Payload } from '../customers/message.js'
import type { Some } from '../random.js'

/** Payloads that no one can read as feedback: they belong in quarantine, each with its reason. */
export const broken: Some<(number: number, at: number) => Payload> = [
  // Cut off on the way.
  () => ({
    body: '{"submission_id": "sub-broken", "field_id": "symptom", "value_te',
    contentType: 'application/json',
  }),
  // A clock that was never set.
  (number, at) => ({
    body: JSON.stringify({
      ...{ claimId: `WC-BAD-${number}`, damageCode: 'E-COOL-01', customerComment: '不制冷' },
      ...{
        technicianComment: '已检查',
        claimDate: new Date(at).toISOString(),
        failureDate: '1919-02-30',
        claimedParts: [],
      },
    }),
    contentType: 'application/json',
  }),
  // From next year.
  (number) => ({
    body: JSON.stringify([
      {
        ...{ phone_number: '13900000000', content: '冰箱不错', send_time: '2027-03-01 08:00:00' },
        ...{ dest_code: '10690001', sequence_id: `bad-${number}` },
      },
    ]),
    contentType: 'application/json',
  }),
  // Nothing said.
  (_number, at) => ({
    body: `<xml><ToUserName>gh_7f083739789a</ToUserName><FromUserName>o1</FromUserName><CreateTime>${Math.floor(at / 1000)}</CreateTime><MsgType>text</MsgType><Content></Content><MsgId>1</MsgId></xml>`,
    contentType: 'text/xml',
  }),
  // No channel of ours.
  (number) => ({ body: JSON.stringify({ weather: 'rain', number }), contentType: 'application/json' }),
  // A severity that no scale knows.
  (number, at) => ({
    body: JSON.stringify({
      ...{ condition_id: `ns=2;s=bad.${number}`, condition_name: 'E-COOL-01', severity: 99_999 },
      ...{ source_name: 'BCD-520W/SN0', message: 'alarm', time: new Date(at).toISOString() },
    }),
    contentType: 'application/json',
  }),
  // No id, so nobody could tell whether it came twice.
  (_number, at) => ({
    body: JSON.stringify({
      from: '13900000000',
      to: '4008001234',
      created_at: localTime(at),
      transcript: [],
    }),
    contentType: 'application/json',
  }),
]

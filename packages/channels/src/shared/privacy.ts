import type { ProductFacts } from './facts.js'
import { plainName, remembered } from './names.js'

/** Field names that hold a person's identifier. They feed `customer` or are left out, never the attributes. */
const personalNames: ReadonlySet<string> = new Set(
  `fullname firstname lastname realname nickname nick usernick username screenname displayname contactname contactemail
   contactphone customername customeremail customerphone customeraddress buyername buyernick buyeremail email
   emailaddress mail phone phonenumber phoneno mobile mobilephone mobilenumber tel telephone cell cellphone whatsapp
   address street streetaddress homeaddress shippingaddress receiveraddress receivername receivermobile receiverphone
   clerk clerkname technicianname agentname ip ipaddress clientip userip idcard idnumber passport openid unionid
   wechat wechatid qq ssn birthday birthdate dateofbirth userid customerid externaluserid requesterid submitterid
   avatar profileimageurl headimgurl 姓名 客户姓名 联系人 联系方式 电话 联系电话 客户电话 手机 手机号 手机号码 地址
   联系地址 住址 邮箱 电子邮箱 身份证 身份证号 昵称 微信 微信号`.split(/\s+/),
)
/** Objects about a person, left out whole. */
const personalObjects: ReadonlySet<string> = new Set(
  'user customer contact author requester submitter buyer receiver agent clerk technician person'.split(' '),
)

/** True for a field whose name says that it identifies a person, in any spelling. */
export const isPersonalName = remembered((key) => personalNames.has(plainName(key)))

export function isPersonalObject(key: string): boolean {
  return personalObjects.has(key) || personalObjects.has(key.toLowerCase())
}

const phone =
  /(?<![\w-])(?:(?:\+|00)?86[ -]?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?![\w-])|(?<![\w-])0\d{2,3}[ -]?\d{7,8}(?![\w-])|(?<![\w-])400[ -]?\d{3}[ -]?\d{4}(?![\w-])|(?<![\w-])(?:\+?1[ .-]?)?(?:\(\d{3}\) ?|\d{3}[ .-])\d{3}[ .-]\d{4}(?![\w-])|\+\d{1,3}(?:[ -]?\(?\d{2,4}\)?){2,5}(?![\w-])/g
const mail = /(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){0,4}\.[a-z]{2,24}(?![\w-])/gi
const labelled =
  /((?:^|[\n,，;；。.!?])[ \t]{0,8}(?:姓名|客户姓名|联系人|联系地址|地址|住址|(?:full |my |contact )?name|(?:home |my )?address)[ \t]{0,3}[:：][ \t]{0,3})[^\n,，;；。]{1,120}/gi
const phoneLike = /\d[\d \-().]{6}/

/**
 * Masks telephone numbers (all digits but the last two), e-mail addresses (all before the `@`) and what stands
 * behind `Name:` or `地址：`. A serial number that looks like a telephone number stays, being a known fact.
 */
export function maskPersonal(text: string, facts: ProductFacts = {}): string {
  let masked = text
  if (masked.includes(':') || masked.includes('：')) masked = masked.replace(labelled, '$1***')
  if (masked.includes('@')) masked = masked.replace(mail, (found) => `***${found.slice(found.indexOf('@'))}`)
  if (!phoneLike.test(masked)) return masked
  return masked.replace(phone, (found) =>
    isFact(found, facts) ? found : found.replace(/\d(?=(?:\D*\d){2})/g, '*'),
  )
}

function isFact(found: string, facts: ProductFacts): boolean {
  const holds = (value: string | undefined): boolean => value?.includes(found) === true
  return (
    holds(facts.serialNumber) ||
    holds(facts.batchNumber) ||
    holds(facts.productModel) ||
    Object.values(facts.componentBatches ?? {}).some(holds)
  )
}

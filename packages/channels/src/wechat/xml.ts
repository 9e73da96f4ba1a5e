import { XMLParser } from 'fast-xml-parser'
import { isRecord, wrong } from '../shared/reader.js'

/** Entities are never expanded and numbers stay text: `MsgId` is longer than a JavaScript number. */
const parser = new XMLParser({
  processEntities: false,
  parseTagValue: false,
  ignoreAttributes: true,
  ignoreDeclaration: true,
  cdataPropName: '#cdata',
  maxNestedTags: 20,
})
const predefined: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/**
 * The leaves of a WeChat message: element name → text. CDATA is verbatim; outside of it XML's own five
 * entities are read.
 * @throws ChannelError for a DOCTYPE, which WeChat never sends, and for XML that cannot be read
 */
export function messageOf(xml: string): Readonly<Record<string, string>> {
  if (/<!(?:DOCTYPE|ENTITY)/i.test(xml)) {
    throw wrong('xml', xml.slice(0, 200), 'has a document type declaration', '含有文档类型声明')
  }
  const root = parse(xml)
  if (!isRecord(root)) throw wrong('xml', xml.slice(0, 200), 'is not a WeChat message', '不是微信消息')
  const message: Record<string, string> = {}
  for (const name in root) {
    const text = leafOf(root[name])
    if (text !== undefined) message[name] = text
  }
  return message
}

function parse(xml: string): unknown {
  try {
    const document: unknown = parser.parse(xml, true)
    return isRecord(document) ? document.xml : undefined
  } catch (cause) {
    const problem = cause instanceof Error ? cause.message.slice(0, 200) : 'unreadable'
    throw wrong('xml', xml.slice(0, 200), `cannot be read: ${problem}`, `无法解析：${problem}`)
  }
}

function leafOf(value: unknown): string | undefined {
  if (typeof value === 'string') return decode(value)
  if (!isRecord(value)) return undefined
  const verbatim = value['#cdata']
  if (typeof verbatim === 'string') return verbatim
  return Array.isArray(verbatim) ? verbatim.join('') : undefined
}

function decode(text: string): string {
  return text.includes('&')
    ? text.replace(/&(amp|lt|gt|quot|apos);/g, (whole, name: string) => predefined[name] ?? whole)
    : text
}

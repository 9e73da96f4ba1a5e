/** Lines that begin the quoted message, as mail programs of both languages write them. */
const quoteStarts: readonly RegExp[] = [
  /^-{2,40}\s?(?:original message|forwarded message|原始邮件|原邮件|转发邮件|转发的邮件|回复的原邮件)\s?-{0,40}$/i,
  /^_{20,}$/,
  /^在.{4,160}写道[：:]$/,
  /^.{4,160}于.{4,80}写道[：:]$/,
  /^on .{6,200} wrote:$/i,
]
/** Outlook's header block: `From:`/`发件人：` directly followed by `Sent:`/`发送时间：` or `Date:`. */
const headerStart = /^\*?(?:from|发件人)\*?\s?[:：]/i
const headerNext = /^\*?(?:sent|date|to|发送时间|发送日期|日期|收件人|时间)\*?\s?[:：]/i
const signatureStarts: readonly RegExp[] = [
  /^-- ?$/,
  /^—{2,}$/,
  /^(?:sent from my |sent from |get outlook for )\S.{0,60}$/i,
  /^(?:发自|来自|从)我的.{1,30}(?:发送)?$/,
  /^发自.{1,30}$/,
  /^(?:(?:best|kind|warm|with kind|with best) )?(?:regards|wishes)[,，!.]?$/i,
  /^(?:yours )?(?:sincerely|faithfully)(?: yours)?[,，!.]?$/i,
  /^(?:此致|敬礼|顺祝商祺|祝好|谢谢[!！]?此致敬礼)[,，!！。]?$/,
]
const maxLine = 400

/**
 * The words that the writer of this mail added: without quoted messages, `>` lines and the signature. Works
 * line by line with anchored patterns on short lines only, so hostile text costs linear time. What would leave
 * nothing (a forwarded mail, all of it quoted) is given back whole: better too much than nothing.
 */
export function ownWords(text: string): string {
  const lines = text.replace(/\r\n?/g, '\n').split('\n')
  const kept: string[] = []
  for (let index = 0; index < lines.length; index += 1) {
    const line = (lines[index] ?? '').trim()
    if (line.startsWith('>')) continue
    if (line.length <= maxLine && startsQuote(line, lines, index)) break
    if (line.length <= maxLine && isSignature(line) && kept.some((above) => above !== '')) break
    kept.push(line === '' ? '' : (lines[index] ?? '').trimEnd())
  }
  const own = kept
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim()
  return own === '' ? text.trim() : own
}

function startsQuote(line: string, lines: readonly string[], index: number): boolean {
  if (quoteStarts.some((start) => start.test(line))) return true
  const next = (lines[index + 1] ?? '').trim()
  // `On <date> <name>` and `wrote:` are often broken over two lines.
  if (/^on .{6,200}$/i.test(line) && /^.{0,120}wrote:$/i.test(next)) return true
  return headerStart.test(line) && (headerNext.test(next) || headerNext.test((lines[index + 2] ?? '').trim()))
}

function isSignature(line: string): boolean {
  return signatureStarts.some((start) => start.test(line))
}

import type { Localized } from '../../text.js'
import type { Action } from '../action.js'
import type { Mode } from './limits.js'

/** What happens next, in words that end a sentence: `automatic after 15 s in which a leader can cancel`. */
export function modeInWords(mode: Mode, needs: Action['needs'], graceMs: number | undefined): Localized {
  switch (mode) {
    case 'shadow':
      return { en: 'recorded only, not carried out', zh: '仅记录，不执行' }
    case 'advise':
      return { en: 'a person must sign', zh: '须由一人签字批准' }
    case 'signed':
      return signaturesInWords(needs)
    case 'auto': {
      if (graceMs === undefined) return { en: 'automatic', zh: '自动执行' }
      const seconds = graceMs / 1000
      return {
        en: `automatic after ${seconds} s in which a leader can cancel`,
        zh: `${seconds} 秒后自动执行，其间班组长可取消`,
      }
    }
  }
}

function signaturesInWords(needs: Action['needs']): Localized {
  const signatures = needs?.signatures ?? [{ count: 1 }]
  const en = signatures.map(({ role, count }) => `${count} × ${role ?? 'any role'}`).join(', ')
  const zh = signatures.map(({ role, count }) => `${role ?? '任意角色'} ${count} 人`).join('、')
  return needs?.ordered === true
    ? { en: `signatures are needed in this order: ${en}`, zh: `须依次签字：${zh}` }
    : { en: `signatures are needed: ${en}`, zh: `须签字：${zh}` }
}

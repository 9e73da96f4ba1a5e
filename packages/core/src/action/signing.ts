import type { Localized } from '../text.js'
import type { Action, Signature, SignatureNeed } from './action.js'

/** Why a signature does not count. */
export type SignatureRefusal = Localized

const any: NonNullable<Action['needs']> = { signatures: [{ count: 1 }], ordered: false }

/** What is still missing, in order; a signature with a role fills a need for that role first, then one for anybody. */
export function missingSignatures(
  needs: Action['needs'],
  signatures: readonly Signature[],
): readonly SignatureNeed[] {
  const missing = (needs ?? any).signatures.map((need) => ({ ...need }))
  for (const signature of signatures) {
    const fills = filling(missing, signature)
    if (fills !== undefined) fills.count -= 1
  }
  return missing.filter(({ count }) => count > 0)
}

/** Says why a signature cannot be added; undefined when it can. */
export function refusedSignature(
  needs: Action['needs'],
  signatures: readonly Signature[],
  signature: Signature,
): SignatureRefusal | undefined {
  const { name, role } = signature
  if (signatures.some((other) => isSameName(other.name, name))) {
    return { en: `${name} has signed already`, zh: `${name} 已经签过字` }
  }
  const missing = missingSignatures(needs, signatures)
  const asked = (needs ?? any).ordered ? missing.slice(0, 1) : missing
  if (asked.some((need) => need.role === undefined || need.role === role)) return undefined
  const roles = asked.map((need) => need.role).join(', ')
  return {
    en: `it waits for the role ${roles}${role === undefined ? ', and this signature names none' : `, not ${role}`}`,
    zh: `需要角色 ${roles} 签字${role === undefined ? '，而此签字未注明角色' : `，而非 ${role}`}`,
  }
}

/** `Li Wei` and ` li  wei` are one person. */
const isSameName = (left: string, right: string): boolean => plain(left) === plain(right)
const plain = (name: string): string => name.normalize('NFKC').replace(/\s+/g, ' ').trim().toLowerCase()

function filling<T extends { role?: string; count: number }>(
  missing: readonly T[],
  { role }: Signature,
): T | undefined {
  const open = missing.filter(({ count }) => count > 0)
  return (
    open.find((need) => need.role !== undefined && need.role === role) ??
    open.find((need) => need.role === undefined)
  )
}

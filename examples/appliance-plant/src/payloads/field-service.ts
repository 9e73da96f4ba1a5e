import { localDate, localTime } from '../calendar.js'
import { idOf, json, type Message, type Payload } from '../customers/message.js'
import type { Topic } from '../world/failures.js'
import type { Component } from '../world/products.js'

interface Finding {
  readonly component: Component
  readonly name: string
  readonly location: string
  readonly zh: string
  readonly en: string
}

const findings: Partial<Record<Topic, Finding>> = {
  cooling: {
    ...{ component: 'compressor', name: 'Compressor', location: 'L-COMP' },
    zh: '压缩机夜间启动失败，更换压缩机',
    en: 'Compressor fails to start at night. Replaced.',
  },
  display: {
    ...{ component: 'mainboard', name: 'Mainboard', location: 'L-DISP' },
    zh: '主板与显示屏通信中断，更换主板',
    en: 'Mainboard lost the display. Replaced.',
  },
  seal: {
    ...{ component: 'door_seal', name: 'Door seal', location: 'L-DOOR' },
    zh: '门封条转角收缩，更换门封',
    en: 'Door seal shrunk at the corner. Replaced.',
  },
}

/** The technician's claim (Catena-X ClaimData): the causal part carries its batch. */
export function writeFieldService(message: Message): Payload {
  const { at, topic, words, unit, model, place, language, code } = message
  const finding = findings[topic]
  const isChinese = language === 'zh'
  const visit = isChinese ? '例行上门检查，已调整' : 'Routine visit, adjusted.'
  return json({
    claimId: idOf(message, 'WC-2026-'),
    ...(code === undefined ? {} : { damageCode: code }),
    ...(finding === undefined ? {} : { damageLocationCode: finding.location }),
    customerComment: words,
    technicianComment: finding === undefined ? visit : finding[language],
    claimDate: `${localTime(at).replace(' ', 'T')}+08:00`,
    failureDate: localDate(at),
    language: isChinese ? 'zh-CN' : 'en-GB',
    product: {
      model: model.model,
      ...(unit === undefined ? {} : { serialNumber: unit.serial, productionDate: localDate(unit.builtAt) }),
    },
    claimedParts:
      finding === undefined || unit === undefined
        ? []
        : [
            {
              ...{ partNumber: `P-${finding.location}`, partName: finding.name, isPartCausal: true },
              batchNumber: unit.batches[finding.component],
            },
          ],
    region: place.code,
    workshop: `W-${place.code.slice(-2)}`,
  })
}

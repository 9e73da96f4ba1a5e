import { idOf, json, type Message, type Payload } from '../customers/message.js'

/** An OPC UA alarm of a connected refrigerator. */
export function writeIot(message: Message): Payload {
  const { at, topic, unit, model, place, code, language, draw } = message
  const isChinese = language === 'zh'
  const low = draw.whole(1, 3)
  const high = draw.whole(8, 11)
  const [name, severity, text] =
    topic === 'cooling'
      ? [
          code ?? 'E-COOL-01',
          650,
          isChinese
            ? `夜间冷藏室温度在 ${low} 到 ${high} ℃ 之间波动，超过上限 8 ℃`
            : `Compartment temperature between ${low} and ${high} °C at night, limit 8 °C`,
        ]
      : topic === 'display'
        ? [code ?? 'E-DISP-01', 500, isChinese ? '显示屏通信中断' : 'Lost contact with the display']
        : ['DoorOpen', 150, isChinese ? '冷藏门打开超过 5 分钟' : 'Door open for more than 5 min']
  const serial = unit?.serial ?? idOf(message, 'SN2508')
  const time = new Date(at).toISOString()
  return json({
    condition_id: `ns=2;s=${model.model}.${serial}.${name}`,
    condition_name: name,
    severity,
    active: true,
    confirmed: false,
    source_name: `${model.model}/${serial}`,
    message: text,
    time,
    active_time: time,
    event_type: 'ExclusiveLimitAlarmType',
    attributes: {
      region: place.code,
      product_line: model.line,
      product_category: model.category,
      firmware: '5.1.2',
      ...(unit === undefined
        ? {}
        : { compressor_batch: unit.batches.compressor, mainboard_batch: unit.batches.mainboard }),
    },
  })
}

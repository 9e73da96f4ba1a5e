import type { RawPayload } from '@andon/core/connector'
import type { MesSchemas } from '../contract/operations.js'

type Alarm = MesSchemas['Alarm']
type AlarmValue = NonNullable<Alarm['values']>[number]

/** What a process value was, with its unit and its range. */
function valueText({ value, unit, low, high }: AlarmValue): string {
  const range = low === undefined && high === undefined ? '' : ` (${low ?? ''}…${high ?? ''})`
  return `${value}${unit === undefined ? '' : ` ${unit}`}${range}`
}

/**
 * An alarm as an OPC UA event (Part 9), which the `iot` channel reads. All that it says goes along: facts where the channel
 * looks for them, the rest as attributes. Changes of one standing alarm become one feedback by `activeSince`.
 */
export function alarmPayload(alarm: Alarm): RawPayload {
  const { conditionId, conditionName = conditionId, severity, active, message, time, activeSince } = alarm
  const { componentLots, values = [], attributes: others = {} } = alarm
  const { plant, line, equipment, productModel, serialNumber, lot, faultCode } = alarm
  const attributes: Record<string, unknown> = {}
  /** A name that is taken gets a longer one: nothing is written over. */
  const put = (name: string, value: unknown): void => {
    if (value === undefined) return
    let free = name
    while (Object.hasOwn(attributes, free)) free = `${free}_`
    attributes[free] = value
  }
  const facts = { plant, line, equipment, productModel, serialNumber, lot, faultCode }
  for (const [name, value] of Object.entries(facts)) put(name, value)
  put('component_batches', componentLots)
  for (const value of values) put(value.name, valueText(value))
  for (const [name, value] of Object.entries(others)) put(name, value)
  const body = {
    ...{ condition_id: conditionId, condition_name: conditionName, severity: severity ?? usualSeverity },
    ...{ active, message, time },
    ...(activeSince !== undefined && { active_time: activeSince }),
    attributes,
  }
  return { body, channel: 'iot', contentType: 'application/json', receivedAt: time }
}

/** Where an alarm says none: the middle of the range, as OPC UA Part 9 advises for what is not known. */
const usualSeverity = 500

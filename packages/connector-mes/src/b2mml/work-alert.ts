import * as z from 'zod'
import type { MesSchemas } from '../contract/operations.js'
import {
  descriptions,
  envelope,
  inLanguage,
  read,
  type TransactionHead,
  valueNumber,
  valueText,
} from './values.js'
import { type PriorityScale, scalePriority, unscalePriority } from './work-request.js'

type Alarm = MesSchemas['Alarm']

/** The facts of an alarm that `WorkAlert` has no field for: properties with these ids. */
const facts = ['equipment', 'plant', 'line', 'productModel', 'serialNumber', 'lot', 'faultCode'] as const

/** OPC UA's severity goes up with the danger, a priority goes down: 1 is 876 and above, 9 is 124 and below. */
const severityOf = (priority: number): number => Math.round(1000 - ((priority - 1) * 1000) / 8)
const priorityOf = (severity: number): number =>
  Math.min(9, Math.max(1, Math.round(9 - (severity * 8) / 1000)))

const property = (id: string, value: string | number | boolean): object => ({
  ID: id,
  Value: [{ ValueString: String(value) }],
})

/**
 * A `ProcessWorkAlert` of an alarm: the message, since when it stands, until when, and everything else as properties.
 *
 * @param head its id makes the alert's own: an alarm that changes is an alert of the same condition
 */
export function processWorkAlert(alarm: Alarm, head: TransactionHead, scale?: PriorityScale): object {
  const { conditionId, conditionName, active, message, severity, time, activeSince } = alarm
  const { componentLots = {}, values = [], attributes = {} } = alarm
  const properties = [
    ...facts.flatMap((name) => {
      const value = alarm[name]
      return value === undefined ? [] : [property(name, value)]
    }),
    ...Object.entries(componentLots).map(([component, lot]) => property(`componentLots.${component}`, lot)),
    ...values.map(({ name, value, unit, low, high }) => ({
      ID: `values.${name}`,
      Value: [{ ValueString: String(value), ...(unit !== undefined && { UnitOfMeasure: unit }) }],
      ...((low !== undefined || high !== undefined) && {
        WorkAlertPropertyChid: [
          ...(low === undefined ? [] : [property('low', low)]),
          ...(high === undefined ? [] : [property('high', high)]),
        ],
      }),
    })),
    ...Object.entries(attributes).map(([name, value]) => property(`attributes.${name}`, value)),
  ]
  return {
    ProcessWorkAlert: {
      ...envelope(head),
      DataArea: {
        Process: { ActionCriteria: [{ ActionExpression: ['Add'] }] },
        WorkAlert: [
          {
            ID: conditionId,
            ...(conditionName !== undefined && { Category: conditionName }),
            MessageText: [message],
            ...(severity !== undefined && { Priority: scalePriority(priorityOf(severity), scale) }),
            TimeStamp: time,
            ...(activeSince !== undefined && { EffectiveStartDate: activeSince }),
            ...(!active && { EffectiveEndDate: time }),
            ...(properties.length > 0 && { WorkAlertProperty: properties }),
          },
        ],
      },
    },
  }
}

const value = z.looseObject({ ValueString: valueText.optional(), UnitOfMeasure: valueText.optional() })
const values = z.union([z.array(value), value.transform((one) => [one])])
const child = z.looseObject({ ID: valueText, Value: values.optional() })
const propertySchema = child.extend({ WorkAlertPropertyChid: z.array(child).optional() })
const alertSchema = z.looseObject({
  ID: valueText,
  Category: valueText.optional(),
  Description: descriptions.optional(),
  MessageText: descriptions.optional(),
  Priority: valueNumber.optional(),
  TimeStamp: valueText.optional(),
  PublishedDate: valueText.nullable().optional(),
  EffectiveStartDate: valueText.optional(),
  EffectiveEndDate: valueText.optional(),
  WorkAlertProperty: z.array(propertySchema).optional(),
})
const processSchema = z.looseObject({
  ProcessWorkAlert: z.looseObject({
    ApplicationArea: z.looseObject({ CreationDateTime: valueText }),
    DataArea: z.looseObject({ WorkAlert: z.array(z.unknown()).min(1) }),
  }),
})

const textOf = (found: z.output<typeof child>): string | undefined => found.Value?.[0]?.ValueString
const numberOf = (text: string | undefined): number | undefined =>
  text === undefined || text.trim() === '' || !Number.isFinite(Number(text)) ? undefined : Number(text)

/** Properties under a prefix, by what comes after it. */
function under(
  prefix: string,
  properties: readonly z.output<typeof propertySchema>[],
): readonly (readonly [string, z.output<typeof propertySchema>])[] {
  return properties.flatMap((one) =>
    one.ID.startsWith(prefix) ? [[one.ID.slice(prefix.length), one] as const] : [],
  )
}

/**
 * The alarm of a `WorkAlert`. Properties of other names than ours become attributes.
 *
 * @param created when it was sent, where the alert itself has no time
 * @param language of the message where there are several, BCP 47
 * @throws B2mmlError naming what cannot be read
 */
export function alarmOfB2mml(
  document: unknown,
  { created, language, scale }: { created: string; language?: string; scale?: PriorityScale },
): Alarm {
  const alert = read(alertSchema, document)
  const properties = alert.WorkAlertProperty ?? []
  const own = new Map(properties.map((one) => [one.ID, textOf(one)]))
  const known = [...facts, 'componentLots.', 'values.', 'attributes.']
  const rest = properties.filter(
    ({ ID }) => !known.some((name) => ID === name || (name.endsWith('.') && ID.startsWith(name))),
  )
  const attributes = [
    ...under('attributes.', properties),
    ...rest.map((one) => [one.ID, one] as const),
  ].flatMap(([name, one]) => {
    const text = textOf(one)
    return text === undefined ? [] : [[name, text] as const]
  })
  const measured = under('values.', properties).map(([name, one]) => {
    const text = textOf(one) ?? ''
    const unit = one.Value?.[0]?.UnitOfMeasure
    const limits = new Map(
      (one.WorkAlertPropertyChid ?? []).map((limit) => [limit.ID, numberOf(textOf(limit))]),
    )
    const [low, high] = [limits.get('low'), limits.get('high')]
    return {
      ...{ name, value: numberOf(text) ?? text, ...(unit !== undefined && { unit }) },
      ...(low !== undefined && { low }),
      ...(high !== undefined && { high }),
    }
  })
  const lots = under('componentLots.', properties).flatMap(([component, one]) => {
    const lot = textOf(one)
    return lot === undefined ? [] : [[component, lot] as const]
  })
  const texts = alert.MessageText ?? alert.Description ?? []
  return {
    conditionId: alert.ID,
    ...(alert.Category !== undefined && { conditionName: alert.Category }),
    active: alert.EffectiveEndDate === undefined,
    message: inLanguage(texts, language) ?? alert.ID,
    ...(alert.Priority !== undefined && { severity: severityOf(unscalePriority(alert.Priority, scale)) }),
    time: alert.TimeStamp ?? alert.PublishedDate ?? created,
    ...(alert.EffectiveStartDate !== undefined && { activeSince: alert.EffectiveStartDate }),
    ...Object.fromEntries(
      facts.flatMap((name) => {
        const text = own.get(name)
        return text === undefined ? [] : [[name, text]]
      }),
    ),
    ...(lots.length > 0 && { componentLots: Object.fromEntries(lots) }),
    ...(measured.length > 0 && { values: measured }),
    ...(attributes.length > 0 && { attributes: Object.fromEntries(attributes) }),
  }
}

/** Every alarm of a `ProcessWorkAlert`. */
export function alarmsOfProcess(
  document: unknown,
  options: { language?: string; scale?: PriorityScale } = {},
): readonly Alarm[] {
  const { ApplicationArea, DataArea } = read(processSchema, document).ProcessWorkAlert
  return DataArea.WorkAlert.map((alert) =>
    alarmOfB2mml(alert, { created: ApplicationArea.CreationDateTime, ...options }),
  )
}

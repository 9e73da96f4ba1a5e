import { compareDecimals } from '../odata/decimals.js'
import { day, decimal, flag, instant, type Row, text } from '../odata/field.js'
import type { EntitySet, RuleContext, Service } from '../odata/model.js'
import { completed, customFields, laterThan, mark, midnight, refuse, textOf } from './entity.js'
import { checkMaterial, namedBatch } from './master-data.js'

const updatable = { updatable: true }
const computed = { computed: true }
const required = { required: true }

/** A code by which a lot may be decided, and whether it accepts (A) or rejects (R). */
export interface UsageDecisionCode {
  readonly codeGroup: string
  readonly code: string
  readonly valuation: 'A' | 'R'
}

const lots = { name: 'inspection lot', first: 890_000_000_001 }
const lotName = 'A_InspectionLot'
const decisionName = 'A_InspLotUsageDecision'

function lotSet(custom: readonly string[], mayCreate: boolean): EntitySet {
  const set: EntitySet = {
    name: lotName,
    type: 'A_InspectionLotType',
    key: ['InspectionLot'],
    etag: 'ChangedDateTime',
    navigations: {
      to_InspLotUsageDecision: { set: decisionName, many: false, on: [['InspectionLot', 'InspectionLot']] },
    },
    fields: {
      InspectionLot: text(12, computed),
      Material: text(40, required),
      Batch: text(10),
      Plant: text(4, required),
      InspectionLotOrigin: text(2, computed),
      ManufacturingOrder: text(12),
      InspectionLotText: text(40, updatable),
      InspectionLotType: text(8, required),
      InspectionLotQuantity: decimal(13, 3),
      InspectionLotActualQuantity: decimal(13, 3, computed),
      InspectionLotQuantityUnit: text(3),
      InspLotCreatedOnLocalDate: day(computed),
      InspectionLotHasUsageDecision: flag(computed),
      InspectionLotIsSkipped: flag(computed),
      InspectionLotCreatedBy: text(12, computed),
      ChangedDateTime: instant(computed),
      ...customFields(custom),
    },
    update(context, row, patch) {
      const changed = { ...patch, ChangedDateTime: laterThan(row.ChangedDateTime, context.at) }
      context.tables.change(lotName, row, changed, mark(context))
    },
  }
  const create: NonNullable<EntitySet['create']> = (context, { given }) => {
    const { tables, at, user } = context
    const { BaseUnit = '' } = checkMaterial(context, textOf(given, 'Material'), textOf(given, 'Plant'))
    namedBatch(context, given)
    const quantity = textOf(given, 'InspectionLotQuantity')
    if (quantity !== '' && compareDecimals(quantity, '0') < 0) {
      refuse('QA/102', 'The lot quantity must not be below 0', 'InspectionLotQuantity')
    }
    const unit = given.InspectionLotQuantityUnit ?? BaseUnit
    if (unit !== BaseUnit)
      refuse('QA/103', 'The unit is not that of the material', 'InspectionLotQuantityUnit')
    const row = completed(set, given, {
      ...{ InspectionLot: context.next(lots), InspectionLotOrigin: '89', InspectionLotQuantityUnit: unit },
      ...{ InspLotCreatedOnLocalDate: midnight(at), InspectionLotCreatedBy: user, ChangedDateTime: at },
    })
    return tables.insert(lotName, row, mark(context))
  }
  return mayCreate ? { ...set, create } : set
}

function valuationOf(codes: readonly UsageDecisionCode[], row: Row): 'A' | 'R' {
  const found = codes.find(
    ({ codeGroup, code }) =>
      codeGroup === row.InspLotUsageDecisionCodeGroup && code === row.InspectionLotUsageDecisionCode,
  )
  if (found !== undefined && row.InspLotUsageDecisionCatalog === '3') return found.valuation
  return refuse('QD/016', 'The code does not exist in the selected set', 'InspectionLotUsageDecisionCode')
}

function decisionSet(codes: readonly UsageDecisionCode[]): EntitySet {
  const score = decimal(3, 0, updatable)
  const marks = { ...required, ...updatable }
  const set: EntitySet = {
    name: decisionName,
    type: 'A_InspLotUsageDecisionType',
    key: ['InspectionLot'],
    etag: 'ChangedDateTime',
    fields: {
      InspectionLot: text(12, required),
      InspLotUsageDecisionLevel: text(1, computed),
      InspectionLotQualityScore: score,
      InspLotUsageDecisionCatalog: text(1, marks),
      SelectedCodeSetPlant: text(4, updatable),
      InspLotUsgeDcsnSelectedSet: text(8, marks),
      InspLotUsageDecisionCodeGroup: text(8, marks),
      InspectionLotUsageDecisionCode: text(4, marks),
      InspLotUsageDecisionValuation: text(1, computed),
      InspectionLotUsageDecidedBy: text(12, computed),
      ChangedDateTime: instant(computed),
    },
    create(context, { given }) {
      const { tables, at, user } = context
      const lot = undecidedLot(context, given)
      const valuation = valuationOf(codes, given)
      const decided = { InspLotUsageDecisionValuation: valuation, InspectionLotUsageDecidedBy: user }
      const row = tables.insert(
        set.name,
        completed(set, given, { ...decided, ChangedDateTime: at }),
        mark(context),
      )
      const changed = {
        InspectionLotHasUsageDecision: true,
        ChangedDateTime: laterThan(lot.ChangedDateTime, at),
      }
      tables.change(lotName, lot, changed, mark(context))
      return row
    },
    update(context, row, patch) {
      const valuation = valuationOf(codes, { ...row, ...patch })
      const { at, user, tables } = context
      const decided = { InspLotUsageDecisionValuation: valuation, InspectionLotUsageDecidedBy: user }
      const changedAt = laterThan(row.ChangedDateTime, at)
      tables.change(set.name, row, { ...patch, ...decided, ChangedDateTime: changedAt }, mark(context))
    },
  }
  return set
}

function undecidedLot({ tables }: RuleContext, given: Row): Row {
  const lot = tables.find(lotName, given)
  if (lot === undefined)
    return refuse('QA/002', `Lot ${textOf(given, 'InspectionLot')} does not exist`, 'InspectionLot')
  if (lot.InspectionLotHasUsageDecision !== true) return lot
  return refuse('QV/013', `A usage decision was already made for lot ${textOf(lot, 'InspectionLot')}`)
}

export function inspectionService(
  custom: readonly string[],
  codes: readonly UsageDecisionCode[],
  mayCreate: boolean,
): Service {
  return {
    root: '/sap/opu/odata/sap/API_INSPECTIONLOT_SRV',
    namespace: 'API_INSPECTIONLOT_SRV',
    version: 2,
    sets: { [lotName]: lotSet(custom, mayCreate), [decisionName]: decisionSet(codes) },
  }
}

import type { Action, Receipt } from '@andon/core/connector'
import type { S4Hana } from '@andon/testkit'

/** How S/4HANA has to stand, by what was asked and what the receipts say. */
export interface Books {
  did(action: Action, receipt: Receipt): void
  undid(action: Action, first: Receipt, receipt: Receipt): void
  refused(action: Action): void
  /** Where the system differs. */
  differences(s4: S4Hana): readonly string[]
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '')

/** Collects what is not equal. */
export function comparison(): {
  readonly found: string[]
  same(what: string, is: unknown, should: unknown): void
} {
  const found: string[] = []
  return {
    found,
    same(what, is, should) {
      const [one, other] = [JSON.stringify(is), JSON.stringify(should)]
      if (one !== other) found.push(`${what}: S/4HANA says ${one}, the receipts say ${other}`)
    },
  }
}

/** Documents that an action makes once, and that stand or are taken back. */
export function documentBooks(): Books {
  const made = new Map<string, { readonly action: Action; readonly reference: string; undone: boolean }>()
  const never = new Set<string>()

  return {
    did(action, { reference }) {
      made.set(action.id, { action, reference, undone: false })
    },
    undid({ id }) {
      const one = made.get(id)
      if (one !== undefined) one.undone = true
    },
    refused: ({ id }) => never.add(id),
    differences(s4) {
      const { found, same } = comparison()
      const { orders, inspectionLots, notifications, notificationTexts, usageDecisions } = s4.state()
      /** Numbers of the notifications whose long text names the action, with their type. */
      const recorded = (id: string): readonly { readonly number: string; readonly type: string }[] => {
        const named = notificationTexts.filter((row) =>
          text(row.QltyNotificationLongText).includes(`"${id}"`),
        )
        const numbers = new Set(named.map((row) => row.QualityNotification))
        return notifications
          .filter((row) => numbers.has(row.QualityNotification ?? ''))
          .map((row) => ({ number: text(row.QualityNotification), type: text(row.NotificationType) }))
      }
      const ordersOf = (id: string) => orders.filter((row) => text(row.OrderLongText).includes(`${id};`))
      const lotsOf = (id: string) => {
        const numbers = recorded(id).map(({ number }) => number)
        return inspectionLots.filter((row) =>
          numbers.some((number) => text(row.InspectionLotText).split(' ').includes(number)),
        )
      }
      for (const { action, reference, undone } of made.values()) {
        const { id, kind } = action
        if (kind === 'schedule.rework') {
          const own = ordersOf(id)
          same(
            `orders of ${id}`,
            own.map((row) => row.ManufacturingOrder),
            [reference],
          )
          same(
            `order ${reference} is gone`,
            own.some((row) => row.OrderIsDeleted === 'X'),
            undone,
          )
        } else if (kind === 'inspection.request') {
          const own = lotsOf(id)
          same(
            `lots of ${id}`,
            own.map((row) => row.InspectionLot),
            [reference],
          )
          same(
            `lot ${reference} is decided`,
            own.some((row) => row.InspectionLotHasUsageDecision),
            undone,
          )
        } else {
          const own = recorded(id)
          const complaints = own.filter(({ type }) => type === 'Q1').map(({ number }) => number)
          same(`notifications of ${id}`, complaints, [reference])
          same(`withdrawals of ${id}`, own.filter(({ type }) => type === 'Q3').length, undone ? 1 : 0)
        }
      }
      const decided = [...made.values()].filter(
        ({ action, undone }) => undone && action.kind === 'inspection.request',
      )
      same('usage decisions', usageDecisions.length, decided.length)
      for (const id of never)
        same(`documents of refused ${id}`, [ordersOf(id).length, lotsOf(id).length], [0, 0])
      return found
    },
  }
}

/** The importance of orders: the last one that set it counts, and who takes it back brings the one before. */
export function priorityBooks(importance: Map<string, string>): Books {
  const before = new Map<string, string>()
  /** How often we have changed each order. */
  const changes = new Map<string, number>()
  const set = (order: string, value: string): void => {
    if (importance.get(order) !== value) changes.set(order, (changes.get(order) ?? 0) + 1)
    importance.set(order, value)
  }
  return {
    did({ id, params }) {
      const order = text(params.order)
      before.set(id, importance.get(order) ?? '')
      set(order, String(params.priority))
    },
    undid({ id, params }) {
      set(text(params.order), before.get(id) ?? '')
    },
    refused: () => undefined,
    differences(s4) {
      const { found, same } = comparison()
      for (const row of s4.state().orders) {
        const order = text(row.ManufacturingOrder)
        const expected = importance.get(order)
        if (expected === undefined) continue
        same(`importance of ${order}`, row.ManufacturingOrderImportance, expected)
        const ours = s4.changes.filter(
          ({ set: name, kind, key, after, user }) =>
            name === 'A_ProductionOrder_2' &&
            kind === 'changed' &&
            user !== 'SOMEBODY' &&
            key.ManufacturingOrder === order &&
            'ManufacturingOrderImportance' in after,
        )
        same(`changes of ${order}`, ours.length, changes.get(order) ?? 0)
      }
      return found
    },
  }
}

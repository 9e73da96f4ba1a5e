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
            own.some((row) => row.OrderIsDeleted === 'X' || row.OrderIsTechnicallyCompleted === 'X'),
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

/** How one order stands, and who wants it so. */
export interface RankedOrder {
  stands: string
  /** The importance without any action. */
  base: string
  /** The actions that count, oldest first, and the importance that each wants. */
  readonly wishes: { readonly id: string; readonly value: string }[]
  /** People have set it since the last action. */
  byPeople: boolean
  /** How often we have changed it. */
  changes: number
}

export const rankedOrder = (importance: string): RankedOrder => ({
  ...{ stands: importance, base: importance },
  ...{ wishes: [], byPeople: false, changes: 0 },
})

/** People decide anew: what came before counts no more once the next action comes. */
export function rankedByPeople(order: RankedOrder, importance: string): void {
  order.stands = importance
  order.byPeople = true
}

/**
 * The importance of orders: the last action that is not taken back decides, and the last reversal brings back what
 * stood before the first. What people have set since stays: the reversal of the last action is refused then.
 */
export function priorityBooks(orders: ReadonlyMap<string, RankedOrder>): Books {
  const orderOf = ({ params }: Action): RankedOrder => orders.get(text(params.order)) ?? rankedOrder('')
  const bring = (order: RankedOrder, importance: string): void => {
    if (order.stands !== importance) order.changes += 1
    order.stands = importance
  }
  const wronglyUndone: string[] = []
  return {
    did(action) {
      const order = orderOf(action)
      if (order.byPeople || order.wishes.length === 0) {
        order.base = order.stands
        order.wishes.length = 0
        order.byPeople = false
      }
      const value = String(action.params.priority)
      order.wishes.push({ id: action.id, value })
      bring(order, value)
    },
    undid(action) {
      const order = orderOf(action)
      const at = order.wishes.findIndex(({ id }) => id === action.id)
      // People and an action after them have made it void.
      if (at < 0) return
      const isLast = at === order.wishes.length - 1
      order.wishes.splice(at, 1)
      const left = order.wishes.at(-1)?.value ?? order.base
      // Where people have set what it goes back to, there is nothing left to do.
      if (isLast && order.byPeople && order.stands !== left) wronglyUndone.push(action.id)
      else if (isLast) bring(order, left)
    },
    refused: () => undefined,
    differences(s4) {
      const { found, same } = comparison()
      for (const row of s4.state().orders) {
        const number = text(row.ManufacturingOrder)
        const expected = orders.get(number)
        if (expected === undefined) continue
        same(`importance of ${number}`, row.ManufacturingOrderImportance, expected.stands)
        const ours = s4.changes.filter(
          ({ set: name, kind, key, after, user }) =>
            name === 'A_ProductionOrder_2' &&
            kind === 'changed' &&
            user !== 'SOMEBODY' &&
            key.ManufacturingOrder === number &&
            'ManufacturingOrderImportance' in after,
        )
        same(`changes of ${number}`, ours.length, expected.changes)
      }
      for (const id of wronglyUndone) found.push(`${id} was taken back although people had set it since`)
      return found
    },
  }
}

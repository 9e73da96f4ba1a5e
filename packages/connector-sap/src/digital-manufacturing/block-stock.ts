import type { Action, CallContext, ExecuteContext, JsonObject, Receipt } from '@andon/core/connector'
import { isAndonError } from '@andon/core/errors'
import { refused, unavailable } from '../http/failures.js'
import type { Dm } from './calls/dm.js'
import { type Stock, type StockStatus, stocksOf, updateStock } from './calls/inventory.js'
import { type Deed, markOf, receiptOf } from './deed.js'
import type { CheckedDmOptions } from './options.js'
import { dmParams, paramsOf } from './params.js'
import { saidIn } from './shortened.js'
import { toRemember, without } from './standing.js'
import { readLedger, type StockEntry, type StockLedger, writeLedger } from './stock-ledger.js'

/** A stock that changes so often under our hands is left for the next try. */
const mostTries = 4

/** What is to become of a stock; undefined when it stands as it should. */
type Decision = { readonly status: StockStatus; readonly ledger: StockLedger } | undefined

/**
 * Holds and releases of a lot: every stock of its batch is changed, each in one request that carries the action's mark
 * and the status before in the stock's own comments, and that DM refuses when somebody else has changed the stock since
 * it was read (409). Then it is read and decided again.
 *
 * A batch's `restricted` flag is read-only in DM. Stock that comes from the ERP is changed in the ERP: the hold is
 * refused before anything has changed, and belongs to the S/4HANA target.
 */
export function blockStock(dm: Dm, options: CheckedDmOptions, verb: 'hold' | 'release'): Deed {
  const { heldStatus, commentsLength, materials } = options.stock
  const states = { hold: heldStatus, release: 'UNRESTRICTED' } as const
  const meaningsOf = ({ entries }: StockLedger) =>
    entries.map((entry) => ({ ...entry, means: states[entry.verb] }))

  async function stocksFor(action: Action, context: CallContext): Promise<readonly Stock[]> {
    const { batch = '', component } = paramsOf(dm.name, dmParams.material, action)
    const material = component === undefined ? undefined : materials[component]
    const stocks = await stocksOf(
      dm,
      { batchNumber: batch, ...(material !== undefined && { material }) },
      context,
    )
    if (stocks.length > 0) return stocks
    throw refused(
      dm.name,
      {
        en: `plant ${dm.plant} has no stock of lot ${batch}`,
        zh: `工厂 ${dm.plant} 没有批次 ${batch} 的库存`,
      },
      new Error('no stock'),
    )
  }

  /** Reads, decides and writes until nobody is in between. True when something was written. */
  async function bring(
    first: Stock,
    decide: (stock: Stock, ledger: StockLedger) => Decision,
    context: CallContext,
    wordsLeftOut: (count: number) => void,
  ): Promise<boolean> {
    let stock: Stock | undefined = first
    for (let tries = 1; stock !== undefined && tries <= mostTries; tries += 1) {
      const decision = decide(stock, readLedger(stock.comments ?? ''))
      if (decision === undefined) return false
      const written = writeLedger(decision.ledger, commentsLength)
      if (written === undefined) throw full(dm.name, stock.inventoryId)
      const to = { status: decision.status, comments: written.comments }
      if (await updateStock(dm, stock, to, context)) {
        wordsLeftOut(written.wordsLeftOut)
        return true
      }
      const inventoryIds: readonly string[] = [stock.inventoryId]
      stock = (await stocksOf(dm, { inventoryIds }, context))[0]
    }
    if (stock === undefined) return false
    const id = stock.inventoryId
    throw unavailable(
      dm.name,
      { en: `stock ${id} is being changed by others`, zh: `库存 ${id} 正被他人更改` },
      new Error(`${mostTries} conflicts`),
    )
  }

  async function execute(action: Action, context: ExecuteContext): Promise<Receipt> {
    const stocks = await stocksFor(action, context)
    const elsewhere = stocks.filter(
      ({ origin, thirdPartyImported }) => origin !== 'DMC' && thirdPartyImported !== true,
    )
    if (elsewhere.length > 0) throw ofTheErp(dm.name, elsewhere)
    const decide = decided(action)
    for (const stock of stocks) {
      const decision = decide(stock, readLedger(stock.comments ?? ''))
      const fits = decision === undefined || writeLedger(decision.ledger, commentsLength) !== undefined
      if (!fits) throw full(dm.name, stock.inventoryId)
    }
    const changed: Stock[] = []
    let leftOut = 0
    for (const stock of stocks) {
      try {
        const wrote = await bring(stock, decide, context, (count) => {
          leftOut += count
        })
        if (wrote) changed.push(stock)
      } catch (error) {
        // All or none: what was changed before the no goes back, without a trace.
        if (isAndonError(error, 'TARGET_REFUSED')) await takeBack(action, changed, 'forget', context)
        throw error
      }
    }
    if (leftOut > 0) {
      const details = { action: action.id, characters: leftOut }
      context.logger.warn(details, 'the words did not fit into the comments of the stock')
    }
    const proof = { ...(await proofOf(action, context)), ...(leftOut > 0 && { wordsLeftOut: leftOut }) }
    return receiptOf(stocks[0]?.inventoryId ?? '', proof, changed.length === 0)
  }

  /** What the action makes of a stock. */
  function decided(action: Action): (stock: Stock, ledger: StockLedger) => Decision {
    const mark = markOf(action)
    return ({ status }, ledger) => {
      if (ledger.entries.some((entry) => entry.mark === mark && entry.verb === verb)) return undefined
      const remembered = toRemember<StockStatus>(meaningsOf(ledger), status)
      const entry: StockEntry = { verb, mark, active: true, ...remembered }
      const words = new Map([...ledger.words, [mark, saidIn(action)]])
      return { status: states[verb], ledger: { ...ledger, entries: [...ledger.entries, entry], words } }
    }
  }

  /** How many of the stocks were changed. */
  async function takeBack(
    action: Action,
    stocks: readonly Stock[],
    how: 'keep' | 'forget',
    context: CallContext,
  ): Promise<number> {
    const mark = markOf(action)
    let changed = 0
    for (const stock of stocks) {
      const decide = ({ status }: Stock, ledger: StockLedger): Decision => {
        const meanings = meaningsOf(ledger)
        const mine = meanings.find((entry) => entry.mark === mark && entry.verb === verb)
        if (mine === undefined || !mine.active) return undefined
        const entries = ledger.entries.flatMap((entry) => {
          if (entry.mark !== mark || entry.verb !== verb) return [entry]
          return how === 'keep' ? [{ ...entry, active: false }] : []
        })
        const to = without<StockStatus, (typeof meanings)[number]>(meanings, mine, status)
        return { status: to, ledger: { ...ledger, entries } }
      }
      // As it was read it is old by now, where it was changed in this same call.
      const [now] = await stocksOf(dm, { inventoryIds: [stock.inventoryId] }, context)
      if (now !== undefined && (await bring(now, decide, context, () => undefined))) changed += 1
    }
    return changed
  }

  async function proofOf(action: Action, context: CallContext): Promise<JsonObject> {
    const stocks = await stocksFor(action, context)
    const wanted = states[verb]
    return {
      stocks: stocks.map(({ inventoryId, status, material }) => ({ inventoryId, status, material })),
      confirmed: stocks.every(({ status }) => status === wanted),
    }
  }

  async function revert(action: Action, before: Receipt, context: ExecuteContext): Promise<Receipt> {
    const changed = await takeBack(action, await stocksFor(action, context), 'keep', context)
    const stocks = await stocksFor(action, context)
    const proof = { stocks: stocks.map(({ inventoryId, status }) => ({ inventoryId, status })), changed }
    return receiptOf(before.reference, proof, changed === 0)
  }

  return {
    execute,
    revert,
    async lookUp(action, context) {
      const mark = markOf(action)
      const stocks = await stocksFor(action, context)
      const known = stocks.some(({ comments }) =>
        readLedger(comments ?? '').entries.some((entry) => entry.mark === mark && entry.verb === verb),
      )
      if (!known) return undefined
      return receiptOf(stocks[0]?.inventoryId ?? '', await proofOf(action, context), true)
    },
  }
}

const ofTheErp = (target: string, stocks: readonly Stock[]) => {
  const names = stocks.map(({ inventoryId, origin }) => `${inventoryId} (${origin ?? '?'})`).slice(0, 5)
  return refused(
    target,
    {
      en: `stock ${names.join(', ')} comes from the ERP and is changed there: use the S/4HANA target for this lot`,
      zh: `库存 ${names.join('、')} 来自 ERP，须在 ERP 中更改：请对该批次使用 S/4HANA 目标`,
    },
    new Error('not stock of DM'),
  )
}

const full = (target: string, id: string) =>
  refused(
    target,
    { en: `the comments of stock ${id} are full`, zh: `库存 ${id} 的备注已满` },
    new RangeError('comments are full'),
  )

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { sapNotifications } from '@andon/connector-sap'
import type { Action, JsonObject, Target } from '@andon/core/connector'
import type { LoggedRequest } from '@andon/testkit'
import { afterEach, describe, expect, it } from 'vitest'
import { contextOf, dmAction, type KindOfCase, opened, richFloor } from './digital-manufacturing/dm-floor.js'
import { actionOf, context, given, password } from './support/s4-given.js'

/**
 * The tables of least privilege in the docs, held against what really goes over the wire: a row that leaves something out
 * makes its kind fail with 403 where people keep to it, and one that has too much is not the least.
 */
const page = (language: 'en' | 'zh'): string =>
  readFileSync(
    join(import.meta.dirname, `../../../docs/connectors/sap${language === 'zh' ? '.zh-CN' : ''}.md`),
    'utf8',
  )

/** `what: verb`, each once. */
type Needs = ReadonlySet<string>
const sorted = (needs: Needs): readonly string[] => [...needs].sort()

const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

/** The page's words → ours. */
const words: Readonly<Record<string, string>> = {
  ...{ 通知单: 'notification', 批次: 'batch', 库存: 'stock', 物料凭证: 'material document' },
  ...{ 生产订单: 'production order', 检验批: 'inspection lot', 缺陷: 'defect' },
  ...{ 读: 'read', 创建: 'create', 更改: 'change', 函数: 'functions', 使用决策: 'usage decision' },
  ...{ 查询: 'query', 写入: 'write', 记录: 'log', 关闭: 'close', 冻结: 'hold', 解冻: 'release' },
}
const inOurs = (word: string): string => words[word] ?? word

/** `batch (read, change)` and `` `/sfc/v2` (read) ``, in either language. */
const names =
  /(notification|batch|stock|material document|production order|inspection lot|defect|通知单|批次|库存|物料凭证|生产订单|检验批|缺陷|`\/[a-z]+\/v\d`)[^(（,，、;；]*[(（]([^)）]*)[)）]/g

/** The cells of the row that begins so; of the `nth` table that has one. */
function row(
  language: 'en' | 'zh',
  first: Readonly<Record<'en' | 'zh', string>>,
  nth = 0,
): readonly string[] {
  const lines = page(language)
    .split('\n')
    .map((line) => line.split(' | ').map((cell) => cell.replace(/^\| |\s*\|?$/g, '').trim()))
  const found = lines.filter(([cell]) => cell === first[language])[nth]
  return found ?? expect.fail(`no row "${first[language]}" in ${language}`)
}

const needsIn = (cell: string): Needs =>
  new Set(
    [...cell.replaceAll(/\bQ\d[,、]? ?/g, '').matchAll(names)].flatMap(([, what = '', verbs = '']) =>
      verbs
        .split(/[,，、]/)
        .map((verb) => `${inOurs(what.replaceAll('`', ''))}: ${inOurs(verb.trim().replaceAll('`', ''))}`),
    ),
  )

const services: Readonly<Record<string, string>> = {
  ...{ api_qualitynotification: 'notification', API_BATCH_SRV: 'batch', API_MATERIAL_STOCK_SRV: 'stock' },
  ...{ API_MATERIAL_DOCUMENT_SRV: 'material document', API_PRODUCTION_ORDER_2_SRV: 'production order' },
  ...{ API_INSPECTIONLOT_SRV: 'inspection lot', API_DEFECT_SRV: 'defect' },
}

/** What the user of an S/4HANA has to be allowed for these requests. */
function s4Needs(requests: readonly LoggedRequest[]): Needs {
  const needs = new Set<string>()
  for (const { method, target, text } of requests) {
    const service = Object.keys(services).find((name) => target.includes(`/${name}/`)) ?? expect.fail(target)
    const parts = target.includes('/$batch')
      ? [...text.matchAll(/^(GET|PATCH|POST|MERGE) (\S+) HTTP/gm)].map(([, verb = '', path = '']) => [
          verb,
          path,
        ])
      : [[method, target.slice(target.indexOf(`/${service}/`) + service.length + 2)]]
    for (const [verb = '', path = ''] of parts) {
      // Asks for a token only.
      if (verb === 'HEAD') continue
      const created = path.startsWith('A_InspLotUsageDecision') ? 'usage decision' : 'create'
      const posted = /(^|\/)[A-Z]\w+Order\?/.test(path) ? 'functions' : created
      needs.add(
        `${services[service]}: ${verb === 'GET' ? 'read' : ['PATCH', 'MERGE'].includes(verb) ? 'change' : posted}`,
      )
    }
  }
  return needs
}

/** The types of the notifications that were written. */
const typesIn = (requests: readonly LoggedRequest[]): readonly string[] => [
  ...new Set(
    requests.flatMap(({ method, text }) =>
      method === 'POST' ? (/"NotificationType":"(\w+)"/.exec(text)?.[1] ?? []) : [],
    ),
  ),
]

/** Does it, looks it up and takes it back. */
async function wholeLife(target: Target, action: Action, known = context()): Promise<void> {
  const receipt = await target.execute(action, known)
  await target.lookUp?.(action, known)
  await target.revert?.(action, receipt, known)
}

type Given = Awaited<ReturnType<typeof given>>
const byTransfer = { hold: 'stock-transfer' } as const
const rework = (all: Given, id: string, params: JsonObject, release = false) =>
  wholeLife(
    all.another({ rework: { orderType: 'ZRW1', release } }),
    actionOf('schedule.rework', 1, { id, params: { reason: 'new seals', ...params } }),
  )

interface Row {
  readonly first: Readonly<Record<'en' | 'zh', string>>
  readonly life: (all: Given) => Promise<unknown>
}
const same = (first: string): Row['first'] => ({ en: first, zh: first })

const s4Rows: readonly Row[] = [
  {
    first: same('`quality.notification`'),
    life: ({ target }) => wholeLife(target, actionOf('quality.notification', 1)),
  },
  {
    first: { en: '`material.hold`, `material.release`', zh: '`material.hold`、`material.release`' },
    async life({ target }) {
      await wholeLife(target, actionOf('material.hold', 1))
      await wholeLife(target, actionOf('material.release', 1))
    },
  },
  {
    first: { en: "the same, `hold: 'stock-transfer'`", zh: "同上，`hold: 'stock-transfer'`" },
    async life(all) {
      const target = all.another(byTransfer)
      const hold = actionOf('material.hold', 1)
      await target.execute(hold, context())
      await wholeLife(target, actionOf('material.release', 1, { params: hold.params }))
      await wholeLife(target, actionOf('material.hold', 2))
    },
  },
  {
    first: same('`schedule.prioritise`'),
    life: (all) => wholeLife(all.another({ startWithinDays: { 1: 2 } }), actionOf('schedule.prioritise', 1)),
  },
  {
    first: same('`schedule.rework`'),
    async life(all) {
      await rework(all, 'some', { batch: 'C-1', quantity: 3 })
      await rework(all, 'all of it', { batch: 'C-1' })
      await rework(all, 'of an order', { order: '1000001', quantity: 3 }, true)
    },
  },
  {
    first: same('`inspection.request`'),
    life: ({ target }) => wholeLife(target, actionOf('inspection.request', 1)),
  },
  {
    first: { en: '`trace`, `observe`', zh: '`trace`、`observe`' },
    async life(all) {
      const question = { serials: ['KX0-1'], batches: ['C-1'], limit: 10 }
      await all.target.trace?.(question, context())
      const subjects = [
        { kind: 'batch', id: 'C-1' },
        { kind: 'order', id: '1000001' },
      ] as const
      await all.another(byTransfer).observe?.(subjects, context())
    },
  },
  { first: same('`check()`'), life: ({ target }) => target.check() },
  {
    first: same('`sapNotifications`'),
    async life({ sap }) {
      const auth = { kind: 'basic', username: 'ANDON', password } as const
      const source = sapNotifications({
        ...{ url: sap.url, client: '100', auth, from: 'now' },
        defects: true,
      })
      closers.push(() => source.close())
      await source.check()
    },
  },
]

describe('the least that S/4HANA has to allow', () => {
  it.each(s4Rows)('for $first.en is what its row says', async ({ first, life }) => {
    const all = await given()
    closers.push(all.close)
    await life(all)
    const needs = sorted(s4Needs(all.sap.requests))
    const types = [...typesIn(all.sap.requests)].sort()
    expect(needs.length).toBeGreaterThan(0)
    for (const language of ['en', 'zh'] as const) {
      const [, allowed = '', objects = ''] = row(language, first)
      expect([language, ...sorted(needsIn(allowed))]).toEqual([language, ...needs])
      expect([language, ...new Set(allowed.match(/\bQ\d\b/g) ?? [])]).toEqual([language, ...types])
      for (const type of types)
        expect(objects, language).toMatch(new RegExp(`Q_QMEL.*${type}|${type}.*Q_QMEL`))
    }
  })
})

/** What the client of a Digital Manufacturing has to be allowed for these requests. */
function dmNeeds(requests: readonly LoggedRequest[]): Needs {
  const needs = new Set<string>()
  for (const { method, target } of requests) {
    const [path = ''] = target.split('?')
    if (path === '/oauth/token') continue
    const [api = ''] = /^\/[a-z]+\/v\d/.exec(path) ?? expect.fail(target)
    const verb = method === 'GET' ? 'read' : method === 'PATCH' ? 'change' : (path.split('/').at(-1) ?? '')
    needs.add(`${api}: ${verb}`)
  }
  return needs
}

const lot = { batch: 'C-T', reason: 'cooling failure' }
const ofUnits = (kind: KindOfCase, params: JsonObject, id: string): Action =>
  dmAction(kind, 1, { id, params, quotes: [] })

interface DmRow extends Pick<Row, 'first'> {
  /** The actions, each done, looked up and taken back. */
  readonly actions?: readonly Action[]
  readonly asks?: (target: Awaited<ReturnType<typeof opened>>['target']) => Promise<unknown>
  /** The page has two rows that begin so: the first is that of S/4HANA. */
  readonly nth?: number
}

const dmRows: readonly DmRow[] = [
  {
    first: {
      en: '`material.hold`, `material.release` of units',
      zh: '单元的 `material.hold`、`material.release`',
    },
    actions: [dmAction('material.hold of units', 1), dmAction('material.release of units', 1)],
  },
  {
    first: { en: 'the same, of a batch', zh: '同上，批次' },
    actions: [dmAction('material.hold', 1), dmAction('material.release', 1)],
  },
  {
    first: same('`quality.notification`'),
    nth: 1,
    actions: [
      dmAction('quality.notification', 1),
      ofUnits('quality.notification', { title: 'Fans fail', batch: 'C-T' }, 'of a lot'),
    ],
  },
  { first: same('`schedule.prioritise`'), nth: 1, actions: [dmAction('schedule.prioritise', 1)] },
  {
    first: same('`schedule.rework`'),
    nth: 1,
    actions: [dmAction('schedule.rework', 1), ofUnits('schedule.rework', lot, 'of a lot')],
  },
  { first: same('`parameter.adjust`'), actions: [dmAction('parameter.adjust', 1)] },
  {
    first: same('`trace`'),
    asks: (target) => target.trace({ serials: ['T-1', 'S-1'], batches: ['C-T'], limit: 10 }, contextOf()),
  },
  {
    first: same('`observe`'),
    asks: (target) =>
      target.observe(
        [
          { kind: 'batch', id: 'C-T' },
          { kind: 'order', id: 'O-1' },
          { kind: 'unit', id: 'T-1' },
          { kind: 'parameter', equipment: 'IM-1', id: 'temperature' },
        ],
        contextOf(),
      ),
  },
  { first: same('`check()`'), nth: 1, asks: (target) => target.check() },
]

describe('the least that Digital Manufacturing has to allow', () => {
  it.each(dmRows)('for $first.en is what its row says', async ({ first, nth, actions = [], asks }) => {
    const sfcs = (richFloor().sfcs ?? []).map((one) => ({ ...one, serialNumber: `${one.sfc}`.slice(0, 18) }))
    const needs = new Set<string>()
    for (const unitsBy of ['sfc', 'serial-number'] as const) {
      const { dm, target } = await opened({ floor: richFloor({ sfcs }) }, { unitsBy, timeoutMs: 5_000 })
      closers.push(
        () => target.close(),
        () => dm.close(),
      )
      for (const action of actions) await wholeLife(target, action, contextOf())
      await asks?.(target)
      for (const need of dmNeeds(dm.requests)) needs.add(need)
    }
    for (const language of ['en', 'zh'] as const) {
      const [, allowed = ''] = row(language, first, nth)
      expect([language, ...sorted(needsIn(allowed))]).toEqual([language, ...sorted(needs)])
    }
  })
})

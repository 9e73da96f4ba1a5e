import { setImmediate } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { contextOf, dmAction, opened, richFloor } from './dm-floor.js'

let close: (() => Promise<void>) | undefined
afterEach(() => close?.())

async function given(...options: Parameters<typeof opened>) {
  const it = await opened(...options)
  close = async () => {
    await it.target.close()
    await it.dm.close()
  }
  const stands = () => {
    const { setPointGroups, indicators } = it.dm.state()
    return [setPointGroups[1]?.parameters[0]?.numericValue, indicators['IM-1/TEMPERATURE']]
  }
  return { ...it, stands }
}

const adjust = (id: string, to: number, more: object = {}) => {
  const action = dmAction('parameter.adjust', 1, { id })
  const { from: _, ...params } = action.params
  return { ...action, params: { ...params, to, ...more } }
}

describe('a set-point', () => {
  it('is changed in DM, written to the machine, read back, and leads back to the value before', async () => {
    const { target, stands } = await given()
    const receipt = await target.execute(adjust('a_1', 224), contextOf())
    expect(receipt).toMatchObject({
      reference: 'MOULD-1/A/TEMPERATURE',
      proof: { value: 224, unit: 'Cel', previousValue: 220, confirmed: true },
    })
    expect(stands()).toEqual([224, 224])
    await target.revert(adjust('a_1', 224), receipt, contextOf())
    expect(stands()).toEqual([220, 220])
  })

  it('keeps its neighbours, and goes back one step at a time', async () => {
    const { dm, target, stands } = await given()
    const receipt = await target.execute(adjust('a_1', 224), contextOf())
    await target.execute(adjust('a_2', 228), contextOf())
    const group = dm.state().setPointGroups[1]
    expect(group?.parameters[1]).toMatchObject({ parameter: 'PRESSURE', numericValue: 90 })
    const changes: unknown = JSON.parse(
      group?.customValues.find(({ attribute }) => attribute === 'ANDON')?.value ?? '',
    )
    expect(changes).toMatchObject([
      { mark: 'andon:a_1', before: 220, means: 224, active: true },
      { mark: 'andon:a_2', before: 220, means: 228, active: true },
    ])
    // The first of the two is not the one that it stands by: it stays until the second is taken back, too.
    await target.revert(adjust('a_1', 224), receipt, contextOf())
    expect(stands()).toEqual([228, 228])
    await target.revert(adjust('a_2', 228), receipt, contextOf())
    expect(stands()).toEqual([220, 220])
  })

  it.each([
    ['beyond the limits of the action', { to: 231 }, 'outside 210 … 230'],
    ['beyond the limits of DM', { to: 242, high: 300, max_step: 50 }, 'outside 210 … 240'],
    ['in a larger step than the action allows', { to: 226 }, 'larger than 5'],
    ['in a larger step than the options allow', { to: 235, high: 240, max_step: 50 }, 'larger than 10'],
    ['from another value than it has', { to: 224, from: 219 }, 'stands at 220'],
    ['in another unit', { to: 224, unit: '[degF]' }, 'the unit is Cel'],
    ['on a machine that is not among the options', { to: 224, equipment: 'IM-404' }, 'parameters'],
  ])('is not changed %s', async (_, params, words) => {
    const { dm, target } = await given()
    await expect(target.execute(adjust('a_1', 224, params), contextOf())).rejects.toMatchObject({
      code: 'TARGET_REFUSED',
      text: { en: expect.stringContaining(words) },
    })
    expect(dm.state().changes).toEqual([])
  })

  it('is not changed where DM says that its group is used in production', async () => {
    const [group] = richFloor().setPointGroups ?? []
    if (group === undefined) expect.fail('no group')
    const used = { ...group, setPointGroup: 'MOULD-1', resource: 'IM-1', usedInProduction: true }
    const { dm, target } = await given({ floor: richFloor({ setPointGroups: [used] }) })
    await expect(target.execute(adjust('a_1', 224), contextOf())).rejects.toMatchObject({
      code: 'TARGET_REFUSED',
      details: { sapCode: 'setpoint.used' },
    })
    expect(dm.state().changes).toEqual([])
  })

  it('does not stay where the machine refuses it', async () => {
    const { dm, target, stands } = await given()
    dm.faults.next('404', { path: '/setpoint/v3/write' })
    await expect(target.execute(adjust('a_1', 224), contextOf())).rejects.toMatchObject({
      code: 'TARGET_REFUSED',
    })
    expect(stands()).toEqual([220, 220])
    await target.execute(adjust('a_1', 224), contextOf(2))
    expect(stands()).toEqual([224, 224])
  })

  it('is written to the machine once more when it is not known whether it was', async () => {
    const { dm, target, stands } = await given()
    dm.faults.next('503', { path: '/setpoint/v3/write' })
    await expect(target.execute(adjust('a_1', 224), contextOf())).rejects.toMatchObject({ retryable: true })
    expect(stands()).toEqual([224, 220])
    await target.execute(adjust('a_1', 224), contextOf(2))
    expect(stands()).toEqual([224, 224])
  })

  it('carries the words of the customers beside the value', async () => {
    const { dm, target } = await given()
    const action = adjust('a_1', 224)
    await target.execute(action, contextOf())
    const words = dm
      .state()
      .setPointGroups[1]?.customValues.find(({ attribute }) => attribute === 'ANDON_WORDS')
    for (const { text } of action.quotes) expect(words?.value).toContain(text)
  })

  it('is changed beside its neighbour at once', async () => {
    const [group, neighbour] = [{ setPointGroup: 'MOULD-1', version: 'A' }, 'IM-1/pressure']
    const parameters = {
      'IM-1/temperature': { ...group, unit: 'Cel', parameter: 'TEMPERATURE' },
      [neighbour]: { ...group, unit: 'bar', parameter: 'PRESSURE' },
    }
    const { dm, target } = await given({}, { parameters })
    const pressure = { parameter: 'pressure', unit: 'bar', low: 60, high: 110 }
    await Promise.all([
      target.execute(adjust('a_1', 224), contextOf()),
      target.execute(adjust('a_2', 92, pressure), contextOf()),
    ])
    expect(dm.state().setPointGroups[1]?.parameters.map(({ numericValue }) => numericValue)).toEqual([
      224, 92,
    ])
    for (const action of [adjust('a_1', 224), adjust('a_2', 92, pressure)]) {
      expect(await target.lookUp(action, contextOf())).toMatchObject({ proof: { confirmed: true } })
    }
  })

  it('is changed once by two tries at once', async () => {
    const { dm, target } = await given()
    await Promise.all([
      target.execute(adjust('a_1', 224), contextOf()),
      target.execute(adjust('a_1', 224), contextOf()),
    ])
    await setImmediate()
    expect(dm.state().changes.map(({ what }) => what)).toEqual(['set-point.value', 'indicator.value'])
  })
})

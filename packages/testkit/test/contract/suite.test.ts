import { type ContractRunner, recordingRunner, sourceContract } from '@andon/testkit'
import { expect, it } from 'vitest'
import { failuresOf } from '../support/broken.js'
import { memorySourceGiven } from '../support/given.js'

it('an exemption prints as skipped, with its reason', async () => {
  const runner = recordingRunner()
  sourceContract(runner, memorySourceGiven, { close: 'the broker closes it' })
  const results = await runner.run()
  const skipped = results.filter(({ outcome }) => outcome === 'skipped')
  expect(skipped.map(({ name }) => name)).toEqual([
    'close: close() may be called twice, and at once (exempt: the broker closes it)',
  ])
  expect(results.filter(({ outcome }) => outcome === 'failed')).toEqual([])
})

it('an exemption without a reason fails', async () => {
  expect(await failuresOf((runner) => sourceContract(runner, memorySourceGiven, { close: ' ' }))).toEqual([
    'close',
  ])
})

it('an exemption of a case that does not exist fails', async () => {
  const exemptions = Object.assign({}, JSON.parse('{"clsoe": "a slip of the pen"}'))
  const runner = recordingRunner()
  sourceContract(runner, memorySourceGiven, exemptions)
  const failed = (await runner.run()).filter(({ outcome }) => outcome === 'failed')
  expect(failed.map(({ name }) => name)).toEqual(['exemption clsoe'])
})

it('a part that the author did not give fails instead of passing', async () => {
  const incomplete = (runner: ContractRunner): void =>
    sourceContract(runner, () => {
      const { badOptions: _, failure: __, readAhead: ___, ...given } = memorySourceGiven()
      return given
    })
  expect(await failuresOf(incomplete)).toEqual(['errors', 'options', 'backpressure'])
})

it('every thing under test is disposed of, also after a failure', async () => {
  let made = 0
  let disposed = 0
  const runner = recordingRunner()
  sourceContract(runner, () => {
    made += 1
    const given = memorySourceGiven()
    return {
      ...given,
      source: { ...given.source, name: '' },
      dispose() {
        disposed += 1
      },
    }
  })
  const results = await runner.run()
  expect(results.some(({ outcome }) => outcome === 'failed')).toBe(true)
  expect(disposed).toBe(made)
})

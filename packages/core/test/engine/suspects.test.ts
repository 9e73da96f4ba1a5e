import { expect, it } from 'vitest'
import type { TracedFeedback } from '../../src/engine/trace/result.js'
import { suspectLots } from '../../src/engine/trace/suspects.js'

const report = (
  feedbackId: string,
  componentBatches: Record<string, string>,
  batch?: string,
): TracedFeedback => ({
  feedbackId,
  componentBatches,
  ...(batch === undefined ? {} : { batch }),
})

it('suspects the lot that the rule groups by when all reports have it, and nothing else', () => {
  const feedback = [
    report('1', { compressor: 'C-1', mainboard: 'M-1' }, 'F-1'),
    report('2', { compressor: 'C-1', mainboard: 'M-1' }, 'F-1'),
  ]
  expect(suspectLots({ batch: 'C-1', units: 2 }, feedback)).toEqual([
    { batch: 'C-1', component: 'compressor', share: 1, reports: 2, because: 'rule' },
  ])
  expect(suspectLots({ lot: 'F-1' }, feedback)).toEqual([
    { batch: 'F-1', share: 1, reports: 2, because: 'rule' },
  ])
})

it('a value of the rule that not all reports have is no lot of the rule', () => {
  const feedback = [report('1', { compressor: 'C-1' }), report('2', { compressor: 'C-2' })]
  expect(suspectLots({ batch: 'C-1' }, feedback)).toEqual([])
})

it('suspects the component lots that more than half of the reports share, with their share', () => {
  const feedback = [
    report('1', { compressor: 'C-1', mainboard: 'M-1' }, 'F-1'),
    report('2', { compressor: 'C-1', mainboard: 'M-2' }, 'F-1'),
    report('3', { compressor: 'C-1', mainboard: 'M-1' }, 'F-1'),
    report('4', { compressor: 'C-2', mainboard: 'M-2' }, 'F-1'),
    { feedbackId: '5' },
  ]
  expect(suspectLots({}, feedback)).toEqual([
    { batch: 'C-1', component: 'compressor', share: 0.75, reports: 3, because: 'shared' },
  ])
})

it('suspects the lot of finished goods when the reports share no component lot', () => {
  const feedback = [report('1', { compressor: 'C-1' }, 'F-1'), report('2', { compressor: 'C-2' }, 'F-1')]
  expect(suspectLots({}, feedback)).toEqual([{ batch: 'F-1', share: 1, reports: 2, because: 'shared' }])
})

it('lots of different components with the same number are different lots', () => {
  const feedback = [report('1', { compressor: 'X-1' }), report('2', { mainboard: 'X-1' })]
  expect(suspectLots({}, feedback)).toEqual([])
})

it('one report shares nothing with others', () => {
  expect(suspectLots({}, [report('1', { compressor: 'C-1' }, 'F-1')])).toEqual([])
  expect(suspectLots({ batch: 'C-1' }, [report('1', { compressor: 'C-1' }, 'F-1')])).toMatchObject([
    { batch: 'C-1', because: 'rule' },
  ])
})

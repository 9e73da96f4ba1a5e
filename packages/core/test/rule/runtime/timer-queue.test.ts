import { expect, it } from 'vitest'
import { type Timed, TimerQueue } from '../../../src/rule/runtime/timer-queue.js'

interface Timer extends Timed {
  isWanted: boolean
}

it('gives what is due first first, and ties by order and key', () => {
  const queue = new TimerQueue<Timed>(() => true)
  const timers = [5, 3, 9, 3, 1, 7].map((due, order) => ({ due, order, key: 'k' }))
  for (const timer of timers) queue.push(timer)
  queue.push({ due: 3, order: 1, key: 'a' })
  const given = Array.from({ length: 7 }, () => queue.pop())
  expect(given.map((timer) => [timer?.due, timer?.order, timer?.key])).toEqual([
    [1, 4, 'k'],
    [3, 1, 'a'],
    [3, 1, 'k'],
    [3, 3, 'k'],
    [5, 0, 'k'],
    [7, 5, 'k'],
    [9, 2, 'k'],
  ])
})

it('does not let what nobody waits for any more pile up', () => {
  const queue = new TimerQueue<Timer>(({ isWanted }) => isWanted)
  const wanted = Array.from({ length: 100 }, (_, due) => ({ due, order: 0, key: '', isWanted: true }))
  for (const timer of wanted) queue.push(timer)
  for (let due = 0; due < 100_000; due++) {
    const timer = { due: due % 1000, order: 1, key: '', isWanted: true }
    queue.push(timer)
    timer.isWanted = false
  }
  expect(queue.size).toBeLessThan(300)
  const given = Array.from({ length: queue.size }, () => queue.pop())
  expect(given.filter((timer) => timer?.isWanted)).toEqual(wanted)
})

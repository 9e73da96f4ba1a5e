import type { Warning } from './events.js'

export const readersStopped = (problem: string): Warning => ({
  code: 'readers-stopped',
  text: {
    en: `Reader threads are not used: ${problem}. Payloads are read on the main thread.`,
    zh: `未使用读取线程：${problem}。数据改由主线程读取。`,
  },
})

export const metricUnmeasured = (metric: string): Warning => ({
  code: 'metric-unmeasured',
  text: {
    en: `Nobody measures “${metric}”, so a test of it was dropped: give createAndon its source as metrics.`,
    zh: `没有可测量“${metric}”的数据源，相关测试已取消：请在 createAndon 的 metrics 中提供。`,
  },
})

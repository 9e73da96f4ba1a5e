import { join } from 'node:path'
import { standardChannels } from '@andon/channels'
import { createAndon, type RawPayload, sqliteStore } from '@andon/core'
import { expect, it } from 'vitest'
import { loopOptions, runLoop, start } from '../support/loop.js'
import { webPayload } from '../support/payloads.mjs'

async function journalOf(data: string): Promise<readonly string[]> {
  const store = sqliteStore({ path: join(data, 'andon.db') })
  await store.open()
  try {
    const entries = await store.journal.read(1, 100_000)
    return entries.flatMap((entry) => (entry.kind === 'feedback' ? [entry.feedback.sourceMessageId] : []))
  } finally {
    await store.close()
  }
}

it('calls made together share their way to the disk and keep their order', async () => {
  const { andon, data } = await runLoop()
  const ids = Array.from({ length: 1500 }, (_, index) => `m-${index}`)
  const heard: string[] = []
  andon.on('feedback', ({ sourceMessageId }) => heard.push(sourceMessageId))
  const answered: number[] = []
  await Promise.all(
    ids.map(async (id, index) => {
      await andon.ingest(webPayload({ id, at: start }))
      answered.push(index)
    }),
  )
  await andon.close()
  expect(await journalOf(data)).toEqual(ids)
  expect(heard).toEqual(ids)
  expect(answered).toEqual(ids.map((_, index) => index))
})

it('a parser that takes its time lets no later call overtake', async () => {
  const [web] = standardChannels().filter(({ name }) => name === 'web')
  if (web === undefined) throw new Error('there is no web channel')
  const slow = {
    ...web,
    async parse(payload: Parameters<typeof web.parse>[0]) {
      if (payload.text.includes('slow')) {
        for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve))
      }
      return web.parse(payload)
    },
  }
  const { andon, data } = await runLoop({ channels: [slow] })
  const calls = [
    ['slow-1', ...Array.from({ length: 511 }, (_, index) => `m-${index}`)],
    ['n-1', 'n-2'],
    ['slow-2', 'o-1'],
  ]
  const results = await Promise.all(
    calls.map((ids) => andon.ingest(ids.map((id) => webPayload({ id, at: start })))),
  )
  expect(results.map((answers) => answers.length)).toEqual([512, 2, 2])
  await andon.close()
  expect(await journalOf(data)).toEqual(calls.flat())
})

it('one payload that carries several reports has a result for each', async () => {
  const { andon } = await runLoop()
  const submissions = ['s-1', 's-2'].map((id) => JSON.parse(webPayload({ id, at: start }).body))
  const rows = submissions.map(({ answers: _, ...rest }) => ({
    ...rest,
    field_id: 'symptom',
    value_text: 'It is warm.',
  }))
  const payload: RawPayload = { body: JSON.stringify(rows) }
  const results = await andon.ingest([webPayload({ id: 'm-1', at: start }), payload])
  expect(results.map(({ payload: index, status }) => [index, status])).toEqual([
    [0, 'accepted'],
    [1, 'accepted'],
    [1, 'accepted'],
  ])
})

it('a call without payloads is answered with nothing', async () => {
  const { andon } = await runLoop()
  expect(await andon.ingest([])).toEqual([])
})

it('a pseudonym is the same after a restart, also when the key was made at random', async () => {
  const { customerKey: _, ...options } = loopOptions()
  const written = (id: string): RawPayload => {
    const submission = JSON.parse(webPayload({ id, at: start }).body)
    return { body: JSON.stringify({ ...submission, user_id: 'somebody@example.com' }) }
  }
  const refOf = async (id: string): Promise<string | undefined> => {
    const andon = createAndon(options)
    try {
      await andon.start()
      const [result] = await andon.ingest(written(id))
      return (await andon.feedback(result?.id ?? ''))?.feedback.customerRef
    } finally {
      await andon.close()
    }
  }
  const before = await refOf('m-1')
  expect(before).toEqual(expect.any(String))
  expect(before).not.toContain('somebody')
  expect(await refOf('m-2')).toBe(before)
})

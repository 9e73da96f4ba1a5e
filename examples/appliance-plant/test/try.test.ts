import { it } from 'vitest'
import { simulate } from '../src/story/simulate.js'
import { simulateWithout } from '../src/story/without.js'
import { timeOfDay, dayNumber } from '../src/calendar.js'
it('runs', async () => {
  const t = performance.now()
  const o = await simulate(Number(process.env.SEED ?? 7))
  console.log(performance.now() - t, o.ledger.total, [...o.ledger.perChannel], o.figures, o.ledger.broken, o.ledger.duplicates, o.errors)
  console.log(o.ledger.unexpected.slice(0,5).map(r=>JSON.stringify(r.problems)))
  for (const s of o.signals.values()) console.log('SIGNAL', s.rule, s.status, JSON.stringify(s.facts), 'D', dayNumber(s.openedAt), timeOfDay(s.openedAt), s.occurrences, JSON.stringify(s.verification))
  for (const a of o.actions.values()) console.log('ACTION', a.kind, a.status, dayNumber(a.createdAt), timeOfDay(a.createdAt), JSON.stringify(a.params).slice(0,120), o.watch.of(a), a.note?.en.slice(0,80))
  const byDay = (h:number[]) => Array.from({length:12},(_,i)=>h.slice(i*24,i*24+24).reduce((a,b)=>a+b,0))
  console.log('complaints', byDay(o.ledger.complaints), 'batch', byDay(o.ledger.batchComplaints), o.watch.durable)
  console.log(o.plantAfter.batches.map(b=>[b.batch,b.status,b.quantity,b.consumed].join(' ')), JSON.stringify(o.plantAfter.equipment), o.plantAfter.orders.map(x=>x.id+x.status+x.priority))

  const t2=performance.now(); const w = await simulateWithout(Number(process.env.SEED ?? 7)); console.log('WITHOUT', performance.now()-t2, w.figures, byDay([...w.complaints]), byDay([...w.batchComplaints]))
}, 60000)

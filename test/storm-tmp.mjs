const { runStorm, told } = await import('/work/wt/workers/test/support/storm/run.ts')
const from = Number(process.argv[2] ?? 1),
  n = Number(process.argv[3] ?? 5)
let bad = 0
const t = performance.now()
for (let s = from; s < from + n; s++) {
  const r = await runStorm(s)
  if (r.problems.length) {
    bad++
    console.log(told(r))
  } else if (n <= 10) console.log(told(r))
}
console.log('bad', bad, 'of', n, Math.round(performance.now() - t), 'ms')

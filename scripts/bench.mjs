// `npm run bench -- <name> [options]`: runs bench/src/<name>.bench.ts, which Node 24 reads as it is.
import { inRoot } from './lib/root.mjs'
import { runNamed } from './lib/run-named.mjs'

process.exitCode = await runNamed(
  // --expose-gc lets a benchmark tell kept memory from garbage.
  { script: 'bench', folder: inRoot('bench', 'src'), ending: '.bench.ts', flags: ['--expose-gc'] },
  process.argv.slice(2),
)

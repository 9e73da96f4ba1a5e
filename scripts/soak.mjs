// `npm run soak -- <name> [options]`: the long, seeded versions of tests that `npm test` runs briefly,
// e.g. `npm run soak -- crash --rounds 500`. Each is a program test/soak/<name>.mjs.
import { inRoot } from './lib/root.mjs'
import { runNamed } from './lib/run-named.mjs'

process.exitCode = await runNamed(
  { script: 'soak', folder: inRoot('test', 'soak'), ending: '.mjs' },
  process.argv.slice(2),
)

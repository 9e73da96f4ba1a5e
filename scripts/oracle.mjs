// `npm run test:oracle -- [options]`: the rule language against PostgreSQL and SQLite; the brief version runs in
// `npm test`.
import { inRoot } from './lib/root.mjs'
import { runBuilt } from './lib/run-named.mjs'

process.exitCode = await runBuilt(inRoot('test', 'oracle', 'main.mjs'), process.argv.slice(2))

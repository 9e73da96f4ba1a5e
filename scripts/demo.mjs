// `npm run demo`: sets a bare clone up and runs the plant simulation. Everything but the demo's own output goes
// to stderr, so that `npm run --silent demo -- --json` prints JSON and nothing else. Starts on any Node ≥ 20.
import { inRoot } from './lib/root.mjs'
import { runBuilt } from './lib/run-named.mjs'
import { readManifest } from './lib/workspaces.mjs'

const example = inRoot('examples', 'appliance-plant')

process.exitCode = await runBuilt(
  () => `${example}/${readManifest(example).main ?? 'dist/main.js'}`,
  process.argv.slice(2),
)

import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const source = (path: string): string => fileURLToPath(new URL(`./packages/${path}`, import.meta.url))

// A copy of core's dist with something broken on purpose, for the tests that must notice: test/soak/mutants.mjs.
const brokenCore = process.env.ANDON_BROKEN_CORE

const testTimeout = 30_000
const everything = ['packages/*/test/**/*.test.ts', 'examples/*/test/**/*.test.ts', 'test/**/*.test.ts']
// Their tests reach below the public doors.
const ofSources = ['packages/core/test/**/*.test.ts', 'packages/channels/test/**/*.test.ts']

export default defineConfig({
  test: {
    // By itself it leaves one processor to others. Most of the time tests wait for servers, deadlines and deaths.
    maxWorkers: 2,
    projects: [
      {
        // A change is seen without a build.
        resolve: {
          alias: [
            { find: /^@andon\/core$/, replacement: source('core/src/index.ts') },
            { find: /^@andon\/core\/(\w+)$/, replacement: source('core/src/$1/index.ts') },
            { find: '@andon/testkit/vitest', replacement: source('testkit/src/vitest.ts') },
            { find: /^@andon\/([\w-]+)$/, replacement: source('$1/src/index.ts') },
          ],
        },
        test: { name: 'sources', include: ofSources, testTimeout },
      },
      {
        // Whatever opens the embedded store needs the build: the journal's thread is a file of its own there.
        resolve: {
          alias:
            brokenCore === undefined
              ? []
              : [{ find: /^@andon\/core$/, replacement: `${brokenCore}/index.js` }],
        },
        test: {
          name: 'built',
          include: everything,
          exclude: ['**/node_modules/**', ...ofSources],
          testTimeout,
          server: { deps: { external: [/\/dist\//] } },
        },
      },
    ],
  },
})

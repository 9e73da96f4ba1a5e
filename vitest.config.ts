import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const source = (path: string): string => fileURLToPath(new URL(`./packages/${path}`, import.meta.url))

// Tests read the sources, so a change is seen without a build; the published doors are checked from tarballs.
export default defineConfig({
  resolve: {
    alias: [
      { find: /^@andon\/core$/, replacement: source('core/src/index.ts') },
      { find: /^@andon\/core\/(\w+)$/, replacement: source('core/src/$1/index.ts') },
      { find: '@andon/testkit/vitest', replacement: source('testkit/src/vitest.ts') },
      { find: /^@andon\/([\w-]+)$/, replacement: source('$1/src/index.ts') },
    ],
  },
  test: {
    include: ['packages/*/test/**/*.test.ts', 'examples/*/test/**/*.test.ts', 'test/**/*.test.ts'],
    testTimeout: 30_000,
  },
})

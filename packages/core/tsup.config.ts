import { defineConfig } from 'tsup'

export default defineConfig({
  entry: {
    index: 'src/index.ts',
    'connector/index': 'src/connector/index.ts',
    'feedback/index': 'src/feedback/index.ts',
    'rule/index': 'src/rule/index.ts',
    'errors/index': 'src/errors/index.ts',
    // Threads: each is found beside the chunk that starts it.
    'journal-thread': 'src/store/sqlite/journal-thread.ts',
    'checkpoint-thread': 'src/store/sqlite/checkpoint-thread.ts',
    'reader-thread': 'src/engine/reader-thread.ts',
  },
  format: 'esm',
  removeNodeProtocol: false,
  target: 'node22',
  sourcemap: true,
  clean: true,
})

import { defineConfig } from 'tsup'

export default defineConfig({
  entry: {
    index: 'src/index.ts',
    'connector/index': 'src/connector/index.ts',
    'feedback/index': 'src/feedback/index.ts',
    'rule/index': 'src/rule/index.ts',
    'errors/index': 'src/errors/index.ts',
  },
  format: 'esm',
  target: 'node22',
  sourcemap: true,
  clean: true,
})

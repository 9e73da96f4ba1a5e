import { defineConfig } from 'tsup'

export default defineConfig({
  entry: ['src/index.ts', 'src/main.ts'],
  format: 'esm',
  removeNodeProtocol: false,
  target: 'node22',
  sourcemap: true,
  clean: true,
})

import type { Statement } from './statement.js'

/** A statement as the driver takes it. Answers come as text: it cannot read the binary format. */
export const queryOf = ({ name, text }: Statement, values: readonly unknown[]) => ({
  text,
  values: [...values],
  ...(name === '' ? {} : { name }),
})

/** A statement that each connection prepares once, under its name. */
export interface Statement {
  readonly name: string
  readonly text: string
}

/** Statements by name, with the schema put in where `$schema` stands. */
export function statements<Name extends string>(
  schema: string,
  texts: Readonly<Record<Name, string>>,
): Readonly<Record<Name, Statement>> {
  const named = Object.entries<string>(texts).map(([name, text]) => [
    name,
    { name, text: text.replaceAll('$schema', schema) },
  ])
  return Object.fromEntries(named) as Record<Name, Statement>
}

type Given<T> = { [K in keyof T]?: Exclude<T[K], undefined> }

/** What is given, without what is undefined. */
export const given = <T extends object>(from: T): Given<T> => {
  const left: Given<T> = { ...from }
  for (const [name, value] of Object.entries(from))
    if (value === undefined) Reflect.deleteProperty(left, name)
  return left
}

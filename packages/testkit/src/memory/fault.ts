/**
 * Asked before an operation: the error that the layer below would give, or undefined to let it pass.
 * `operation` names the method, e.g. `append`, `publish`.
 */
export type MemoryFault = (operation: string) => Error | undefined

/** What is used of apriori 1.0.7, which has no types of its own. */
declare module 'apriori' {
  interface Found {
    readonly frequentItemSets: Readonly<Record<string, readonly unknown[]>>
    readonly associationRules: readonly unknown[]
  }
  const apriori: {
    readonly Algorithm: new (
      minSupport: number,
      minConfidence: number,
      debug: boolean,
    ) => { analyze(transactions: readonly (readonly string[])[]): Found }
  }
  export = apriori
}

/** The topics of the feedback stream, and which of them a feedback goes to. */
export interface FeedbackTopics {
  readonly topics: readonly string[]
  /** @param productCategory as the feedback names it; empty where it names none */
  readonly topicOf: (productCategory: string) => string
}

/** One topic for each category, so that each has partitions and retention of its own. */
export function streamTopics({
  categories,
  otherwise,
}: {
  readonly categories: Readonly<Record<string, readonly string[]>>
  readonly otherwise: string
}): FeedbackTopics {
  const byProduct = new Map(
    Object.entries(categories).flatMap(([category, products]) =>
      products.map((product) => [product, topicOfCategory(category)]),
    ),
  )
  const fallback = topicOfCategory(otherwise)
  return {
    topics: [...new Set([...Object.keys(categories).map(topicOfCategory), fallback])],
    topicOf: (productCategory) => byProduct.get(productCategory) ?? fallback,
  }
}

const topicOfCategory = (category: string): string => `feedback.${category}`

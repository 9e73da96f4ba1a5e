import * as z from 'zod'

const path = z.string().min(1)
const paths = z.array(path).min(1)

/** How a marketplace names things. Paths go into nested objects with dots. */
export const mappingSchema = z.strictObject({
  /** For people, and `attributes.platform`. */
  platform: z.string().min(1),
  /** Fields that every review of this marketplace has; they decide which mapping reads it. */
  signature: paths,
  /** Where lists of reviews stand in the marketplace's answers. */
  lists: z.array(path).default([]),
  /** The review's id; the first that is there. */
  id: paths,
  text: paths,
  createdAt: paths,
  customer: paths.optional(),
  /** Listing id, for the `products` option. */
  listing: paths.optional(),
  /** The review added later: a second occurrence of the same complaint. */
  appendedText: paths.optional(),
  appendedAt: paths.optional(),
  /** 1 to 5, or one of `scores`. */
  score: paths.optional(),
  scores: z.record(z.string(), z.number().min(0).max(5)).default({}),
  /** URLs of pictures: a list of texts or of objects with a `url`. */
  pictures: paths.optional(),
})
export type EcommerceMapping = z.input<typeof mappingSchema>
export type ResolvedMapping = z.output<typeof mappingSchema>

/** Tmall and Taobao trade rates. */
export const taobaoReviews: EcommerceMapping = {
  platform: 'taobao',
  signature: ['tid', 'oid'],
  lists: ['traderates_get_response.trade_rates.trade_rate', 'trade_rates.trade_rate', 'trade_rates'],
  id: ['oid'],
  text: ['content'],
  createdAt: ['created'],
  customer: ['user_nick', 'nick'],
  listing: ['num_iid'],
  appendedText: ['append_content'],
  appendedAt: ['append_created', 'append_time'],
  score: ['result'],
  scores: { good: 5, neutral: 3, bad: 1 },
  pictures: ['pics', 'images'],
}

/** JD product comments. */
export const jdReviews: EcommerceMapping = {
  platform: 'jd',
  signature: ['commentId', 'skuId'],
  lists: ['comments', 'result.comments', 'jingdong_pop_comment_responce.comments'],
  id: ['commentId'],
  text: ['content'],
  createdAt: ['creationTime'],
  customer: ['nickName', 'nickname', 'pin'],
  listing: ['skuId'],
  appendedText: ['afterUserComment.content', 'afterUserComment.hAfterUserComment.content'],
  appendedAt: ['afterUserComment.created', 'afterUserComment.creationTime'],
  score: ['score'],
  pictures: ['images'],
}

import type { Rule, StageName } from '../../rule/ast.js'

/** A rule that names no stage is for those who look at quality. */
export const stageOf = ({ stage = 'quality' }: Rule): StageName => stage

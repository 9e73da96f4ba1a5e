export { AndonError, type AndonErrorOptions, isAndonError, problemOf } from './andon-error.js'
export { type ErrorCode, errorCodes } from './codes.js'

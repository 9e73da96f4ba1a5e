import { stableId } from '../../ids.js'

/**
 * A name as part of a topic's: letters, digits, `.`, `_` and `-` only, as every broker takes them; another name is
 * replaced by one that stands for it.
 */
export const topicPart = (name: string): string =>
  /^[A-Za-z0-9._-]{1,120}$/.test(name) ? name : stableId('q', name)

import { pathToFileURL } from 'node:url'

const broken = process.env.ANDON_BROKEN_CORE

/** What tests import as `@andon/core`: the built package, or a copy that has been broken on purpose. */
export const coreModule = broken === undefined ? '@andon/core' : pathToFileURL(`${broken}/index.js`).href

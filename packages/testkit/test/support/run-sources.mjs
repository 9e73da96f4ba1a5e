// Lets plain Node run the workspace's TypeScript: `@andon/*` and `./x.js` resolve to the sources.
import { registerHooks } from 'node:module'

const packages = new URL('../../../', import.meta.url)

registerHooks({
  resolve(specifier, context, next) {
    const door = /^@andon\/([\w-]+)(?:\/(\w+))?$/.exec(specifier)
    if (door !== null) {
      const [, name, sub] = door
      return next(
        new URL(`${name}/src/${sub === undefined ? '' : `${sub}/`}index.ts`, packages).href,
        context,
      )
    }
    const isOurs =
      context.parentURL?.startsWith(packages.href) && !context.parentURL.includes('/node_modules/')
    if (isOurs && specifier.startsWith('.')) return next(specifier.replace(/\.js$/, '.ts'), context)
    return next(specifier, context)
  },
})

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
    const isSource = context.parentURL?.startsWith(packages.href) && context.parentURL.endsWith('.ts')
    if (isSource && specifier.startsWith('.')) return next(specifier.replace(/\.js$/, '.ts'), context)
    return next(specifier, context)
  },
})

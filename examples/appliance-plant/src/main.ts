import { help, readOptions } from './cli-options.js'
import { runDemo } from './run-demo.js'

const options = readOptions(process.argv.slice(2), process.env)

if ('problem' in options) {
  process.stderr.write(`${options.problem[options.locale]}\n\n${help[options.locale]}`)
  process.exitCode = 2
} else if (options.help) {
  process.stdout.write(help[options.locale])
} else {
  process.exitCode = await runDemo(options)
}

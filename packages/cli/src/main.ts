import { main } from './cli.js'
import { exitCodes } from './exit-codes.js'

// `andon … | head` closes the pipe when it has seen enough: that is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit(exitCodes.ok)
})

const code = await main(process.argv.slice(2))
process.exitCode = code
// Stopped at once, or broken: what is still open must not keep the process.
if (code === exitCodes.interrupted || code === exitCodes.failed) process.exit()

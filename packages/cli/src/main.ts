import { main } from './cli.js'
import { exitCodes } from './exit-codes.js'

const code = await main(process.argv.slice(2))
process.exitCode = code
// Stopped at once: what is still open must not keep the process.
if (code === exitCodes.interrupted) process.exit()

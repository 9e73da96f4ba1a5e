// A plant in a process of its own, so that a test can kill it. Argument: its journal. Prints its address.
import { startPlant } from '@andon/testkit'

const [journal = ''] = process.argv.slice(2)
const plant = await startPlant({
  journal,
  batches: [{ batch: 'C-1', component: 'compressor' }],
  orders: [{ id: 'O-1', model: 'KX-500' }],
})
process.stdout.write(`${plant.url}\n`)

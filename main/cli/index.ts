import { runCli } from './cli.ts'
import { ownSurroundings } from './terminal.ts'

/** Whoever reads the output may stop early (`gatehouse audit list | head`): then there is nobody left to tell. */
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit()
    throw error
  })

process.exitCode = await runCli(process.argv.slice(2), ownSurroundings())

import { runCli } from './cli.ts'
import { ownSurroundings } from './terminal.ts'

process.exitCode = await runCli(process.argv.slice(2), ownSurroundings())

// `npm run bench`: builds, then measures the call path side by side with a direct connection, the floor and a chain of peers.
// `npm run bench -- endurance`: many clients for ten minutes, and memory over many calls.
import { join } from 'node:path'
import { build, installPackages, projectEnv, projectNode, root, run } from './lib/prepare.mjs'

installPackages()
build()
const [first, ...rest] = process.argv.slice(2)
const endurance = first === 'endurance'
const file = join(root, 'test/bench', endurance ? 'endurance.ts' : 'call-path.ts')
const options = endurance || first === undefined ? rest : [first, ...rest]
process.exit(run(projectNode(), [file, ...options], { env: projectEnv(), shell: false }))

// `npm run bench`: builds, then measures the call path side by side with a direct connection, the floor and a chain of peers.
import { join } from 'node:path'
import { build, installPackages, projectEnv, projectNode, root, run } from './lib/prepare.mjs'

installPackages()
build()
const options = process.argv.slice(2)
process.exit(
  run(projectNode(), [join(root, 'test/bench/call-path.ts'), ...options], { env: projectEnv(), shell: false }),
)

// `npm run package`: builds afresh, so that no file of an earlier build is packed, and packages for this platform.
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { build, installPackages, projectEnv, projectNode, root, run } from './lib/prepare.mjs'

installPackages()
rmSync(join(root, 'dist'), { recursive: true, force: true })
build()
const builder = join(root, 'node_modules', 'electron-builder', 'cli.js')
process.exit(run(projectNode(), [builder, '--dir', ...process.argv.slice(2)], { env: projectEnv(), shell: false }))

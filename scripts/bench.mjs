// `npm run bench`: builds, then measures the call path side by side with a direct connection, the floor and a chain of peers,
// and what a large catalog and the content filters cost.
// `npm run bench -- policy-decision`: what judging and limiting cost a call.
// `npm run bench -- audit-search`: finding things among a million audit entries.
// `npm run bench -- memory [CONCEPTS [FOLDER]]`: the memory at size, and how well it finds; FOLDER keeps what it was filled with.
// `npm run bench -- window`: what the window costs in a real browser, with 100 servers and while calls pass.
// `npm run bench -- endurance`: many clients for ten minutes, and memory over many calls. `-- catalog`, `-- call-path`, `-- filters`: only that.
import { join } from 'node:path'
import { build, installPackages, projectEnv, projectNode, root, run } from './lib/prepare.mjs'

installPackages()
build()
const [first, ...rest] = process.argv.slice(2)
const known = ['call-path', 'catalog', 'filters', 'endurance', 'policy-decision', 'audit-search', 'memory', 'window']
const wanted = known.includes(first) ? [first] : ['call-path', 'catalog', 'filters']
const options = known.includes(first) || first === undefined ? rest : [first, ...rest]
// the catalog's seeds the data folder with the app's own stores, whose sources are more than types to strip
const flags = ['--experimental-transform-types', '--no-warnings']
const codes = wanted.map((name) =>
  run(projectNode(), [...flags, join(root, 'test/bench', `${name}.ts`), ...options], {
    env: projectEnv(),
    shell: false,
  }),
)
process.exit(Math.max(...codes))

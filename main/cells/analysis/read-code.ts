import { parseSync } from 'oxc-parser'
import { byWeight, type Finding, type FindingRule, type FindingSeverity } from '../../../shared/domain/finding.ts'
import { visible } from './texts.ts'

/** A node of the syntax tree (ESTree). */
interface Node {
  readonly type: string
  readonly start: number
  readonly end: number
  readonly [member: string]: unknown
}

/** What one file was found to do, before it is weighed. */
interface Seen {
  readonly found: Map<string, Finding>
  /** Names whose value was decoded or fetched, and where that was said. */
  readonly foreign: Map<string, number[]>
  readonly secretsAt: number[]
  readonly readsAt: number[]
  readonly sendsAt: number[]
  obfuscatedNames: number
}

const mostFindings = 30
/** What stands side by side in a file of this length belongs together. */
const largestAlone = 100_000
const decoders = new Set(['atob', 'unescape', 'decodeURIComponent', 'fetch'])
const readers =
  /^(?:readFile|readFileSync|createReadStream|openSync|copyFile|copyFileSync|cp|cpSync|readdir|readdirSync)$/
const decodings = new Set(['base64', 'base64url', 'hex'])
const runners = new Set(['runInThisContext', 'runInNewContext', 'runInContext', 'compileFunction', 'SourceTextModule'])
/** Names a minifier gives are given again and again; what one of them holds says nothing about another. */
const shortestName = 3
const senders = new Set([
  'fetch',
  'request',
  'post',
  'put',
  'sendBeacon',
  'connect',
  'createConnection',
  'WebSocket',
  'get',
  'upload',
])
const shells = new Set(['exec', 'execSync'])
const starters = new Set(['spawn', 'spawnSync', 'execFile', 'execFileSync', 'fork'])
const programModules = new Set(['child_process', 'node:child_process', 'execa', 'cross-spawn', 'shelljs'])
const socketModules = new Set(['net', 'node:net', 'dgram', 'node:dgram', 'tls', 'node:tls'])
const secretPlace =
  /(?:^|[\\/~])\.ssh(?:[\\/]|$)|\bid_(?:rsa|ed25519|ecdsa)\b|\.aws[\\/]credentials|(?:^|[\\/])\.gnupg(?:[\\/]|$)|\.git-credentials|(?:^|[\\/])\.netrc$|\.kube[\\/]config|Login Data$|[\\/]Cookies$|login\.keychain|wallet\.dat$|\.config[\\/]gh[\\/]hosts\.yml|claude_desktop_config\.json|\.cursor[\\/]mcp\.json|\/etc\/shadow|Local Extension Settings/

/**
 * Reads one JavaScript or TypeScript file on its syntax tree: what it runs, starts, opens and reads that a person would
 * want to know. Says what stands there, not what it is for.
 */
export function readCode(path: string, source: string): Finding[] {
  const { program, errors } = parseSync(path, source)
  const lineAt = lines(source)
  if (errors.length > 0 && program.body.length === 0)
    return [
      { place: path, rule: 'unreadable-code', severity: 'low', detail: String(errors[0]?.message ?? '').slice(0, 160) },
    ]
  const seen: Seen = {
    found: new Map(),
    foreign: new Map(),
    secretsAt: [],
    readsAt: [],
    sendsAt: [],
    obfuscatedNames: 0,
  }
  const add = (rule: FindingRule, severity: FindingSeverity, node: Node) => {
    const known = seen.found.get(rule)
    if (known && !(severity === 'high' && known.severity !== 'high')) return
    seen.found.set(rule, {
      place: `${path}:${lineAt(node.start)}`,
      rule,
      severity,
      detail: visible(source.slice(node.start, Math.min(node.end, node.start + 140))),
    })
  }
  const nodes = [...walk(program as unknown as Node)]
  const knows = {
    programs: namesFrom(nodes, programModules),
    sockets: namesFrom(nodes, socketModules),
    scopes: scopesOf(nodes),
  }
  for (const node of nodes) look(node, seen, add, knows)
  const [secretAt] = seen.secretsAt
  if (secretAt !== undefined) {
    const leaves = seen.secretsAt.find((at) => {
      const scope = knows.scopes(at)
      if (scope.end === Number.POSITIVE_INFINITY && source.length > largestAlone) return false // a bundle of many
      return [seen.readsAt, seen.sendsAt].every((places) =>
        places.some((place) => scope.start <= place && place <= scope.end),
      )
    })
    const start = leaves ?? secretAt
    add('reads-home-secrets', leaves === undefined ? 'medium' : 'high', { type: '', start, end: start + 100 })
  }
  if (seen.obfuscatedNames > 20 || isPacked(source)) add('obfuscated', 'high', { type: '', start: 0, end: 140 })
  return byWeight([...seen.found.values()]).slice(0, mostFindings)
}

interface Knows {
  /** Names that stand for what starts programs, and for sockets. */
  readonly programs: ReadonlySet<string>
  readonly sockets: ReadonlySet<string>
  /** The innermost function around a place, or the whole file. */
  readonly scopes: (at: number) => Range
}
interface Range {
  readonly start: number
  readonly end: number
}
type Add = (rule: FindingRule, severity: FindingSeverity, node: Node) => void

function look(node: Node, seen: Seen, add: Add, knows: Knows): void {
  switch (node.type) {
    case 'VariableDeclarator':
    case 'AssignmentExpression': {
      const name = nameOf((node.id ?? node.left) as Node | undefined)
      const value = (node.init ?? node.right) as Node | undefined
      if (name !== undefined && name.length >= shortestName && value && isForeign(value, seen, knows))
        seen.foreign.set(name, [...(seen.foreign.get(name) ?? []), node.start])
      return
    }
    case 'Identifier':
      if (/^_0x[0-9a-f]{4,}$/.test(String(node.name))) seen.obfuscatedNames++
      return
    case 'Literal':
      if (typeof node.value === 'string' && secretPlace.test(node.value)) seen.secretsAt.push(node.start)
      return
    case 'TemplateElement': {
      const { cooked } = node.value as { cooked?: string }
      if (cooked && secretPlace.test(cooked)) seen.secretsAt.push(node.start)
      return
    }
    case 'CallExpression':
    case 'NewExpression':
      lookAtCall(node, seen, add, knows)
  }
}

function lookAtCall(node: Node, seen: Seen, add: Add, knows: Knows): void {
  const called = nameOf(node.callee as Node) ?? ''
  const args = (node.arguments as Node[] | undefined) ?? []
  const first = args[0]
  if (senders.has(called)) seen.sendsAt.push(node.start)
  if (readers.test(called)) seen.readsAt.push(node.start)
  const runsText =
    called === 'eval' ||
    called === 'Function' ||
    runners.has(called) ||
    (called === 'Script' && node.type === 'NewExpression') ||
    ((called === 'setTimeout' || called === 'setInterval') &&
      first?.type === 'Literal' &&
      typeof first.value === 'string')
  if (runsText) {
    const foreign = args.some((arg) => isForeign(arg, seen, knows))
    add(foreign ? 'runs-fetched-text' : 'runs-text', foreign ? 'high' : 'medium', node)
  }
  if ((shells.has(called) || starters.has(called)) && isOf(node.callee as Node, knows.programs)) {
    const foreign = args.some((arg) => isForeign(arg, seen, knows))
    if (foreign) add('runs-fetched-text', 'high', node)
    add('starts-programs', shells.has(called) && first?.type !== 'Literal' ? 'medium' : 'low', node)
  }
  if (
    isOf(node.callee as Node, knows.sockets) &&
    ['connect', 'createConnection', 'createSocket', 'Socket', 'createServer'].includes(called)
  )
    add('raw-socket', called === 'createServer' ? 'low' : 'medium', node)
}

/** Whether a value was decoded, fetched, or put together from characters: nobody reads it in the source. */
function isForeign(value: Node, seen: Seen, { scopes }: Knows): boolean {
  for (const node of walk(value, 400)) {
    if (node.type === 'Identifier') {
      const said = seen.foreign.get(String(node.name)) ?? []
      if (said.some((at) => inside(value.start, scopes(at)))) return true
    }
    if (node.type !== 'CallExpression') continue
    const called = nameOf(node.callee as Node) ?? ''
    if (decoders.has(called) || called === 'fromCharCode') return true
    const args = (node.arguments as Node[] | undefined) ?? []
    if (called === 'from' && args.some((arg) => arg.type === 'Literal' && decodings.has(String(arg.value)))) return true
    if (called === 'toString' && args[0]?.type === 'Literal' && decodings.has(String(args[0].value))) continue
  }
  return false
}

/** `eval`, `vm.runInThisContext` → `runInThisContext`, `(0, eval)` → `eval`, `globalThis['eval']` → `eval`. */
function nameOf(node: Node | undefined): string | undefined {
  if (node === undefined || node === null) return undefined
  switch (node.type) {
    case 'Identifier':
      return String(node.name)
    case 'MemberExpression': {
      const property = node.property as Node
      return property.type === 'Literal' ? String(property.value) : nameOf(property)
    }
    case 'SequenceExpression':
      return nameOf((node.expressions as Node[]).at(-1))
    case 'ParenthesizedExpression':
    case 'ChainExpression':
    case 'TSAsExpression':
      return nameOf(node.expression as Node)
    case 'AwaitExpression':
      return nameOf(node.argument as Node)
    default:
      return undefined
  }
}

const inside = (at: number, { start, end }: Range) => start <= at && at <= end

/** Whether what is called is one of these names, or a member of one: `exec(…)`, `cp.exec(…)`, not `pattern.exec(…)`. */
function isOf(callee: Node, names: ReadonlySet<string>): boolean {
  if (callee.type === 'MemberExpression') {
    const object = callee.object as Node
    return object.type === 'Identifier' ? names.has(String(object.name)) : loads(object, names)
  }
  if (callee.type === 'SequenceExpression') return isOf((callee.expressions as Node[]).at(-1) as Node, names)
  return callee.type === 'Identifier' && names.has(String(callee.name))
}

/** `require('child_process').exec(…)`: the module itself is among the names. */
const loads = (node: Node, names: ReadonlySet<string>) => names.has(moduleOf(node) ?? '')

/** Everything these modules are called in a file, and the modules themselves. */
function namesFrom(nodes: readonly Node[], modules: ReadonlySet<string>): ReadonlySet<string> {
  const names = new Set(modules)
  for (const node of nodes) {
    if (node.type === 'ImportDeclaration' && modules.has(String((node.source as Node).value)))
      for (const one of node.specifiers as Node[]) names.add(String((one.local as Node).name))
    if (node.type !== 'VariableDeclarator' || !modules.has(moduleOf(node.init as Node | null) ?? '')) continue
    for (const one of walk(node.id as Node, 100)) if (one.type === 'Identifier') names.add(String(one.name))
  }
  return names
}

/** The module a value is loaded from: `require('x')`, `await import('x')`, `process.getBuiltinModule('x')`. */
function moduleOf(node: Node | null | undefined): string | undefined {
  if (!node) return undefined
  if (node.type === 'AwaitExpression') return moduleOf(node.argument as Node)
  if (node.type === 'ParenthesizedExpression') return moduleOf(node.expression as Node)
  const source =
    node.type === 'ImportExpression'
      ? (node.source as Node)
      : node.type === 'CallExpression' &&
          ['require', 'getBuiltinModule', '__require'].includes(nameOf(node.callee as Node) ?? '')
        ? (node.arguments as Node[])[0]
        : undefined
  return source?.type === 'Literal' ? String(source.value) : undefined
}

function scopesOf(nodes: readonly Node[]): (at: number) => Range {
  const functions = nodes.filter(({ type }) =>
    /^(?:FunctionDeclaration|FunctionExpression|ArrowFunctionExpression)$/.test(type),
  )
  const whole: Range = { start: 0, end: Number.POSITIVE_INFINITY }
  return (at) =>
    functions
      .filter((one) => inside(at, one))
      .reduce<Range>((least, one) => (one.end - one.start < least.end - least.start ? one : least), whole)
}

/** Every node below, itself included, without recursion: a tree may be as deep as its file is long. */
function* walk(root: Node, most = Number.POSITIVE_INFINITY): Generator<Node> {
  const open: Node[] = [root]
  for (let count = 0; open.length > 0 && count < most; count++) {
    const node = open.pop() as Node
    yield node
    const below: Node[] = []
    for (const member of Object.values(node))
      for (const child of Array.isArray(member) ? member : [member])
        if (typeof child === 'object' && child !== null && typeof child.type === 'string') below.push(child as Node)
    open.push(...below.reverse())
  }
}

/** Escaped or bracketed through and through, or packed by a well-known packer. */
function isPacked(source: string): boolean {
  if (/eval\(function\(p,a,c,k,e,[dr]\)/.test(source)) return true
  const escapes = (source.match(/\\x[0-9a-f]{2}/gi) ?? []).length * 4
  if (escapes > 800 && escapes > source.length / 3) return true
  const brackets = (source.match(/[[\]()!+]/g) ?? []).length
  return source.length > 500 && brackets > source.length * 0.9
}

function lines(source: string): (at: number) => number {
  const starts = [0]
  for (let at = source.indexOf('\n'); at >= 0; at = source.indexOf('\n', at + 1)) starts.push(at + 1)
  return (at) => {
    let low = 0
    let high = starts.length
    while (low + 1 < high) {
      const middle = (low + high) >> 1
      if ((starts[middle] ?? 0) <= at) low = middle
      else high = middle
    }
    return low + 1
  }
}

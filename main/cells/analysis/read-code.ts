import { parseSync } from 'oxc-parser'
import { byWeight, type Finding, type FindingRule, type FindingSeverity } from '../../../shared/domain/finding.ts'
import { hiddenCode } from './hidden-code.ts'
import { inside, isOf, lines, type Node, nameOf, namesFrom, type Range, scopesOf, walk } from './syntax-tree.ts'
import { visible } from './texts.ts'

/** What one file was found to do, before it is weighed. */
interface Seen {
  readonly found: Map<string, Finding>
  /** Names whose value was decoded or fetched, and where that was said. */
  readonly foreign: Map<string, number[]>
  readonly secretsAt: number[]
  readonly readsAt: number[]
  readonly sendsAt: number[]
  /** Where the whole environment is taken, and where something goes to the network. */
  readonly environmentAt: number[]
  readonly networkAt: number[]
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
const networkModules = new Set(
  'http https node:http node:https http2 node:http2 net node:net tls node:tls dgram node:dgram dns node:dns axios got undici node-fetch ws request'.split(
    ' ',
  ),
)
const serving = new Set(['createServer', 'Server', 'Agent', 'createSecureContext'])
const networkGlobals = new Set(['fetch', 'WebSocket', 'sendBeacon', 'XMLHttpRequest'])
/** What makes text or pairs of the whole environment. */
const takers = new Set(['stringify', 'entries', 'values', 'fromEntries'])
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
    environmentAt: [],
    networkAt: [],
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
    network: namesFrom(nodes, networkModules),
    environments: source.includes('env') ? environmentNames(nodes) : new Set<string>(),
    harmless: source.includes('unescape') ? harmlessNames(nodes) : new Set<string>(),
    scopes: scopesOf(nodes),
  }
  for (const node of nodes) look(node, seen, add, knows)
  const hiddenAt = hiddenCode(source)
  if (hiddenAt !== undefined) add('hidden-code', 'high', placed(hiddenAt))
  const together = (at: number, ...others: readonly (readonly number[])[]) => {
    const scope = knows.scopes(at)
    if (scope.end === Number.POSITIVE_INFINITY && source.length > largestAlone) return false // a bundle of many
    return others.every((places) => places.some((place) => inside(place, scope)))
  }
  const takenAt = seen.environmentAt.find((at) => together(at, seen.networkAt))
  if (takenAt !== undefined) add('harvests-environment', 'high', placed(takenAt))
  const [secretAt] = seen.secretsAt
  if (secretAt !== undefined) {
    const leaves = seen.secretsAt.find((at) => together(at, seen.readsAt, seen.sendsAt))
    const start = leaves ?? secretAt
    add('reads-home-secrets', leaves === undefined ? 'medium' : 'high', placed(start))
  }
  if (seen.obfuscatedNames > 20 || isPacked(source)) add('obfuscated', 'high', placed(0))
  return byWeight([...seen.found.values()]).slice(0, mostFindings)
}

const placed = (start: number): Node => ({ type: '', start, end: start + 140 })

interface Knows {
  /** Names that stand for what starts programs, and for sockets. */
  readonly programs: ReadonlySet<string>
  readonly sockets: ReadonlySet<string>
  readonly network: ReadonlySet<string>
  readonly environments: ReadonlySet<string>
  /** Functions of the file that are called like a decoder and decode nothing. */
  readonly harmless: ReadonlySet<string>
  /** The innermost function around a place, or the whole file. */
  readonly scopes: (at: number) => Range
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
  const isNetwork = networkGlobals.has(called) || isOf(node.callee as Node, knows.network)
  if (isNetwork && !serving.has(called)) seen.networkAt.push(node.start)
  const all = takers.has(called) || networkGlobals.has(called) ? args : []
  if (all.some((arg) => holdsEnvironment(arg, knows.environments))) seen.environmentAt.push(node.start)
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
function isForeign(value: Node, seen: Seen, { scopes, harmless }: Knows): boolean {
  for (const node of walk(value, 400)) {
    if (node.type === 'Identifier') {
      const said = seen.foreign.get(String(node.name)) ?? []
      if (said.some((at) => inside(value.start, scopes(at)))) return true
    }
    if (node.type !== 'CallExpression') continue
    const called = nameOf(node.callee as Node) ?? ''
    if ((decoders.has(called) && !harmless.has(called)) || called === 'fromCharCode') return true
    const args = (node.arguments as Node[] | undefined) ?? []
    if (called === 'from' && args.some((arg) => arg.type === 'Literal' && decodings.has(String(arg.value)))) return true
    if (called === 'toString' && args[0]?.type === 'Literal' && decodings.has(String(args[0].value))) continue
  }
  return false
}

const isEnvironment = (node: Node) =>
  node.type === 'MemberExpression' && nameOf(node) === 'env' && nameOf(node.object as Node) === 'process'

/** The environment as a whole, by itself or by a name of it; not one value of it. */
function holdsEnvironment(value: Node, names: ReadonlySet<string> = new Set()): boolean {
  const inParts = new Set<Node>()
  for (const node of walk(value, 60)) {
    if (inParts.has(node)) continue
    if (node.type === 'MemberExpression') inParts.add(node.object as Node)
    if (isEnvironment(node) || (node.type === 'Identifier' && names.has(String(node.name)))) return true
  }
  return false
}

/** `const all = process.env`, `const all = { ...process.env }` */
function environmentNames(nodes: readonly Node[]): ReadonlySet<string> {
  const taking = nodes.filter(
    ({ type, init }) =>
      type === 'VariableDeclarator' && init && /^(?:Member|Object)Expression$/.test((init as Node).type),
  )
  return new Set(taking.filter(({ init }) => holdsEnvironment(init as Node)).map(({ id }) => nameOf(id as Node) ?? ''))
}

/** Template engines bring an `unescape` of their own. */
function harmlessNames(nodes: readonly Node[]): ReadonlySet<string> {
  const own = nodes.filter(({ type, id }) => type === 'FunctionDeclaration' && decoders.has(nameOf(id as Node) ?? ''))
  const decodes = (node: Node) =>
    node.type === 'CallExpression' && /^(?:fromCharCode|from)$|^atob$/.test(nameOf(node.callee as Node) ?? '')
  return new Set(own.filter((one) => ![...walk(one)].some(decodes)).map(({ id }) => nameOf(id as Node) ?? ''))
}

/** Escaped or bracketed through and through, or packed by a well-known packer. */
function isPacked(source: string): boolean {
  if (/eval\(function\(p,a,c,k,e,[dr]\)/.test(source)) return true
  const escapes = (source.match(/\\x[0-9a-f]{2}/gi) ?? []).length * 4
  if (escapes > 800 && escapes > source.length / 3) return true
  const brackets = (source.match(/[[\]()!+]/g) ?? []).length
  return source.length > 500 && brackets > source.length * 0.9
}

const graveWords = new RegExp(
  [
    String.raw`\beval\b|\bFunction\b['"\]]*\s*\(|\bScript\b|runIn|compileFunction|SourceTextModule`,
    String.raw`child_process|execa|cross-spawn|shelljs|\b_0x|(?:\\x[0-9a-fA-F]{2}){8}|(?:[[\]()!+]\s*){40}|\benv\b`,
    secretPlace.source.replaceAll('$', ''),
  ].join('|'),
)

/** Whether a file holds any word without which nothing grave is found in it: most need not be read then. */
export const mayBeGrave = (source: string): boolean => graveWords.test(source) || hiddenCode(source) !== undefined

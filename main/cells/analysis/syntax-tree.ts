/** A node of the syntax tree (ESTree). */
export interface Node {
  readonly type: string
  readonly start: number
  readonly end: number
  readonly [member: string]: unknown
}

export interface Range {
  readonly start: number
  readonly end: number
}
/** `eval`, `vm.runInThisContext` → `runInThisContext`, `(0, eval)` → `eval`, `globalThis['eval']` → `eval`. */
export function nameOf(node: Node | undefined): string | undefined {
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

export const inside = (at: number, { start, end }: Range) => start <= at && at <= end

/** Whether what is called is one of these names, or a member of one: `exec(…)`, `cp.exec(…)`, not `pattern.exec(…)`. */
export function isOf(callee: Node, names: ReadonlySet<string>): boolean {
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
export function namesFrom(nodes: readonly Node[], modules: ReadonlySet<string>): ReadonlySet<string> {
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

export function scopesOf(nodes: readonly Node[]): (at: number) => Range {
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
export function* walk(root: Node, most = Number.POSITIVE_INFINITY): Generator<Node> {
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

/** Which line a place of the source is in, from 1. */
export function lines(source: string): (at: number) => number {
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

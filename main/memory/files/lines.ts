import type { Node } from 'jsonc-parser'

/** Counted from 1. */
export function lineAt(text: string, offset: number): number {
  let line = 1
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) line++
  return line
}

/** The part of a document a path leads to, or as far as it goes. */
export function nodeAt(root: Node | undefined, path: readonly PropertyKey[]): Node | undefined {
  let node = root
  for (const step of path) {
    const next = node?.type === 'object' ? memberOf(node, step) : node?.children?.[Number(step)]
    if (next === undefined) return node
    node = next
  }
  return node
}

const memberOf = (node: Node, name: PropertyKey): Node | undefined =>
  node.children?.find(({ children }) => children?.[0]?.value === name)?.children?.[1]

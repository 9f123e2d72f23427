declare module 'graphology-layout-forceatlas2/iterate.js' {
  /** One round of forces; changes the nodes in place. Ten numbers a node, three an edge. */
  export default function iterate(
    settings: Readonly<Record<string, boolean | number>>,
    nodes: Float32Array,
    edges: Float32Array,
  ): object
}

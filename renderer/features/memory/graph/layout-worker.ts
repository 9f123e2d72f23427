import iterate from 'graphology-layout-forceatlas2/iterate.js'
import { beginning, type LayoutInput, type Positions, roundsFor } from './layout.ts'

/** This thread's side of the channel. */
const port = globalThis as unknown as {
  onmessage: (message: MessageEvent<LayoutInput>) => void
  postMessage: (told: { positions: Positions; share: number }, transfer: Transferable[]) => void
}

/** What the library keeps for each node and edge, in its own order. */
const nodeFields = 10
const edgeFields = 3
/** Positions are told after so many rounds. */
const roundsAtOnce = 10

const settings = {
  linLogMode: false,
  outboundAttractionDistribution: false,
  adjustSizes: false,
  edgeWeightInfluence: 1,
  scalingRatio: 8,
  strongGravityMode: true,
  gravity: 0.05,
  slowDown: 4,
  barnesHutOptimize: true,
  barnesHutTheta: 0.7,
}

port.onmessage = ({ data }) => {
  const { count } = data
  const { nodes, edges } = matrices(data)
  const rounds = roundsFor(count)
  for (let round = 0; round < rounds; round++) {
    iterate({ ...settings, barnesHutOptimize: count > 300 }, nodes, edges)
    if (round % roundsAtOnce === 0 || round === rounds - 1) tell(nodes, count, (round + 1) / rounds)
  }
}

function matrices({ count, edges: pairs, weights }: LayoutInput) {
  const nodes = new Float32Array(count * nodeFields)
  const edges = new Float32Array(weights.length * edgeFields)
  const at = beginning(count)
  for (let place = 0; place < count; place++) {
    nodes.set([at[place * 2] ?? 0, at[place * 2 + 1] ?? 0, 0, 0, 0, 0, 1, 1, 1, 0], place * nodeFields)
  }
  weights.forEach((weight, place) => {
    const [from, to] = [pairs[place * 2] ?? 0, pairs[place * 2 + 1] ?? 0]
    edges.set([from * nodeFields, to * nodeFields, 0.2 + weight], place * edgeFields)
    for (const end of [from, to]) nodes[end * nodeFields + 6] = (nodes[end * nodeFields + 6] ?? 1) + 1
  })
  return { nodes, edges }
}

function tell(nodes: Float32Array, count: number, share: number): void {
  const positions = new Float32Array(count * 2)
  for (let place = 0; place < count; place++) {
    positions[place * 2] = nodes[place * nodeFields] ?? 0
    positions[place * 2 + 1] = nodes[place * nodeFields + 1] ?? 0
  }
  port.postMessage({ positions, share }, [positions.buffer])
}

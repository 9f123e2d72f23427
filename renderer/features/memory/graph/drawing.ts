import Graph from 'graphology'
import Sigma from 'sigma'
import { sdfCircle, sdfDiamond } from 'sigma/rendering'
import { type GraphColours, typeColours } from './graph-colours.ts'
import type { Positions } from './layout.ts'
import type { Picture } from './picture.ts'

export interface DrawingParts {
  readonly element: HTMLElement
  readonly colours: GraphColours
  /** Nothing glides. */
  readonly still: boolean
  readonly onPick: (id: string | undefined) => void
}

interface NodeLook {
  readonly x: number
  readonly y: number
  readonly size: number
  readonly color: string
  readonly label: string
  readonly shape: string
}
interface EdgeLook {
  readonly size: number
  readonly color: string
}

const glideMs = 300
const selectedPx = 16
/** So many nodes have room in their full size; more are smaller. */
const roomyNodes = 300
const leastScale = 0.3
/** More relations than this step back while the picture is moved. */
const edgesWhileMoving = 3_000
/** Opacity of what was not found. */
const steppedBack = 0.25

/** The picture on its canvas. Knows nothing of the memory but nodes, edges and which are found. */
export class Drawing {
  #graph = new Graph<NodeLook, EdgeLook>({ type: 'directed', multi: true })
  readonly #sigma: ReturnType<typeof sigmaOn>
  #found: ReadonlySet<string> = new Set()
  #selected: string | undefined

  /** @throws when there is no WebGL 2 */
  constructor(private readonly parts: DrawingParts) {
    this.#sigma = sigmaOn(this.#graph, parts)
    this.#sigma.on('clickNode', ({ node }) => parts.onPick(node))
    this.#sigma.on('clickStage', () => parts.onPick(undefined))
  }

  /** Another picture; what lay somewhere stays there. */
  show({ nodes, edges }: Picture, at: ReadonlyMap<string, readonly [number, number]>): void {
    const { colours } = this.parts
    const graph = new Graph<NodeLook, EdgeLook>({ type: 'directed', multi: true })
    const byType = typeColours(
      nodes.map(({ type }) => type),
      colours,
    )
    const scale = Math.max(leastScale, Math.min(1, Math.sqrt(roomyNodes / nodes.length)))
    const degrees = new Map<string, number>()
    for (const { from, to } of edges) for (const end of [from, to]) degrees.set(end, (degrees.get(end) ?? 0) + 1)
    for (const { id, name, type, labels } of nodes) {
      const [x, y] = at.get(id) ?? [0, 0]
      const size = scale * Math.min(14, 4 + 1.6 * Math.sqrt(degrees.get(id) ?? 0))
      const shape = labels.includes('untrusted') ? 'diamond' : 'circle'
      graph.addNode(id, { x, y, size, color: byType.get(type) ?? colours.ink, label: shortened(name), shape })
    }
    for (const { id, from, to, weight, inferred } of edges) {
      const color = inferred ? colours.inferredEdge : colours.edge
      graph.addEdgeWithKey(id, from, to, { size: 0.6 + 1.4 * weight, color })
    }
    this.#graph = graph
    const many = edges.length > edgesWhileMoving
    this.#sigma.setSettings({ hideEdgesOnMove: many, hideLabelsOnMove: many })
    this.#sigma.setGraph(graph)
    if (this.#found.size > 0 || this.#selected !== undefined) this.#mark(graph.nodes())
  }

  /** In the order of the picture's nodes. */
  move(ids: readonly string[], positions: Positions): void {
    ids.forEach((id, place) => {
      if (!this.#graph.hasNode(id)) return
      this.#graph.mergeNodeAttributes(id, { x: positions[place * 2] ?? 0, y: positions[place * 2 + 1] ?? 0 })
    })
  }

  /** Stands out; the rest steps back while anything is found. */
  find(ids: readonly string[]): void {
    this.#found = new Set(ids)
    this.#mark(this.#graph.nodes())
  }

  select(id: string | undefined): void {
    const before = this.#selected
    this.#selected = id
    this.#mark([before, id].flatMap((one) => (one !== undefined && this.#graph.hasNode(one) ? [one] : [])))
  }

  #mark(ids: readonly string[]): void {
    const looks = Map.groupBy(ids, (id) => {
      const isSelected = id === this.#selected
      if (isSelected || this.#found.has(id)) return isSelected ? 'selected' : 'found'
      return this.#found.size > 0 ? 'back' : 'plain'
    })
    for (const [look, some] of looks)
      this.#sigma.setNodesState(some, {
        isSelected: look === 'selected',
        standsOut: look === 'selected' || look === 'found',
        stepsBack: look === 'back',
      })
  }

  /** Brings a node into the middle. */
  lookAt(id: string): void {
    const seen = this.#sigma.getNodeDisplayData(id)
    if (seen) void this.#sigma.getCamera().animate({ x: seen.x, y: seen.y }, this.#glide)
  }
  zoom(by: 'in' | 'out' | 'all'): void {
    const camera = this.#sigma.getCamera()
    if (by === 'all') void camera.reset(this.#glide)
    else void (by === 'in' ? camera.zoomIn(this.#glide) : camera.zoomOut(this.#glide))
  }
  get #glide() {
    return { duration: this.parts.still ? 0 : glideMs }
  }

  end = (): void => this.#sigma.kill()
}

/** By a state of the node alone: what asked for the picture's as well would be worked out anew for every node when it moves. */
const when = <const S, const A, const B>(whenState: S, inIt: A, otherwise: B) =>
  // biome-ignore lint/suspicious/noThenProperty: the library's word
  ({ whenState, then: inIt, else: otherwise })

function sigmaOn(graph: Graph<NodeLook, EdgeLook>, { element, colours, still }: DrawingParts) {
  return new Sigma(graph, element, {
    settings: {
      itemSizesReference: 'screen',
      labelRenderedSizeThreshold: 3,
      labelDensity: 0.6,
      labelGridCellSize: 120,
      allowInvalidContainer: true,
      inertiaDuration: still ? 0 : 200,
      zoomDuration: still ? 0 : 250,
    },
    customNodeState: { isSelected: false, standsOut: false, stepsBack: false },
    primitives: { nodes: { shapes: [sdfCircle(), sdfDiamond()] } },
    styles: {
      nodes: {
        shape: { attribute: 'shape' },
        color: when('standsOut', colours.found, { attribute: 'color' }),
        size: when('isSelected', selectedPx, { attribute: 'size' }),
        opacity: when('stepsBack', steppedBack, 1),
        label: { attribute: 'label' },
        labelVisibility: when('standsOut', 'visible', when('isHovered', 'visible', 'auto')),
        labelColor: colours.ink,
        labelSize: 12,
        labelFont: 'system-ui, sans-serif',
        backdropColor: colours.surface,
      },
      edges: { color: { attribute: 'color' }, size: { attribute: 'size' } },
    },
  })
}

const shortened = (name: string): string => (name.length > 32 ? `${name.slice(0, 31)}…` : name)

/** Whether a graph can be drawn here at all. */
export function canDraw(): boolean {
  const context = document.createElement('canvas').getContext('webgl2')
  context?.getExtension('WEBGL_lose_context')?.loseContext()
  return context !== null
}

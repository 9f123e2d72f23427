import type { LayoutInput, Positions } from './layout.ts'
import workerAddress from './layout-worker.ts?worker&url'

export interface LayoutTold {
  readonly positions: Positions
  /** 0 to 1: how far it is. */
  readonly share: number
}

interface TrustedScriptUrls {
  createPolicy(
    name: string,
    rules: { createScriptURL: (address: string) => string },
  ): {
    createScriptURL(address: string): string
  }
}

/** The page runs no script but its own files, and makes sure of it: only this one address becomes a worker. */
function trusted(address: string): string {
  const { trustedTypes } = globalThis as { trustedTypes?: TrustedScriptUrls }
  const own = new URL(address, import.meta.url)
  if (own.origin !== window.location.origin) throw new Error('the layout comes from somewhere else')
  return (
    trustedTypes?.createPolicy('memory-layout', { createScriptURL: () => own.href }).createScriptURL('') ?? own.href
  )
}
let script: string | undefined

/** Lays a graph out away from this thread. @returns ends it */
export function runLayout(input: LayoutInput, told: (told: LayoutTold) => void, failed: () => void): () => void {
  script ??= trusted(workerAddress)
  const worker = new Worker(script, { type: 'module' })
  worker.onmessage = ({ data }: MessageEvent<LayoutTold>) => {
    told(data)
    if (data.share >= 1) worker.terminate()
  }
  worker.onerror = () => {
    worker.terminate()
    failed()
  }
  worker.postMessage(input)
  return () => worker.terminate()
}

import { createContext, type ReactNode, useCallback, useContext, useEffect, useRef, useState } from 'react'
import { useStore } from 'zustand'
import type { GatehouseApi } from '../../shared/contract/contract.ts'
import { CallRefused } from '../client.ts'
import type { Part } from './first-reading.ts'
import type { Mirror, MirrorStore } from './store.ts'
import { useWords, type Words } from './words.tsx'

interface Gatehouse {
  readonly api: GatehouseApi
  readonly store: MirrorStore
}

const Context = createContext<Gatehouse | undefined>(undefined)

export function GatehouseProvider({ gatehouse, children }: { gatehouse: Gatehouse; children: ReactNode }) {
  return <Context value={gatehouse}>{children}</Context>
}

function useGatehouse(): Gatehouse {
  const gatehouse = useContext(Context)
  if (!gatehouse) throw new Error('no GatehouseProvider above')
  return gatehouse
}

export const useApi = (): GatehouseApi => useGatehouse().api

export function useMirror<T>(select: (mirror: Mirror) => T): T {
  return useStore(useGatehouse().store, select)
}

/** The sentence for a failure, in the person's language; never a stack. */
export function sentenceOf(failure: unknown, t: Words['t']): string {
  if (failure instanceof CallRefused) {
    if (failure.code === 'window.disconnected') return t('connection.lost.title')
    return failure.sentence || t('failure.unknown')
  }
  return t('failure.unknown')
}

export interface Action {
  readonly busy: boolean
  /** Runs it; a failure becomes a toast and the answer is false. */
  readonly run: Run
}
/** @param undo what takes it back, offered beside `done` */
type Run = (work: () => Promise<unknown>, done?: string, undo?: () => Promise<unknown>) => Promise<boolean>

/** One thing the person does: busy while it runs, a toast when it is done or refused. */
export function useAction(): Action {
  const [busy, setBusy] = useState(false)
  const toast = useMirror((mirror) => mirror.toast)
  const { t } = useWords()
  const run = useCallback<Run>(
    async function act(work, done, undo) {
      setBusy(true)
      try {
        await work()
        if (done) toast('ok', done, undo && { label: t('undo'), run: () => void act(undo, t('undone'), undefined) })
        return true
      } catch (failure) {
        toast('problem', sentenceOf(failure, t))
        return false
      } finally {
        setBusy(false)
      }
    },
    [toast, t],
  )
  return { busy, run }
}

export interface Reading<T> {
  readonly value?: T
  readonly failure?: unknown
  readonly again: () => void
}

/** A part of what the window follows anyway, as a reading. */
export function useMirrored<P extends Part>(part: P): Reading<NonNullable<Mirror[P]>> {
  const value = useMirror((mirror) => mirror[part])
  const failure = useMirror((mirror) => mirror.failed[part])
  const readAgain = useMirror((mirror) => mirror.readAgain)
  const again = useCallback(() => readAgain(part), [readAgain, part])
  return { ...(value === undefined ? { failure } : { value: value as NonNullable<Mirror[P]> }), again }
}

/** Reads from main when shown and whenever `key` changes; an answer that arrives after a newer question is dropped. */
export function useReading<T>(read: (api: GatehouseApi) => Promise<T>, key: string | number): Reading<T> {
  const api = useApi()
  const latest = useRef(read)
  latest.current = read
  const [state, setState] = useState<{ value?: T; failure?: unknown }>({})
  const [round, setRound] = useState(0)
  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` and `round` say when to read again
  useEffect(() => {
    let current = true
    latest.current(api).then(
      (value) => current && setState({ value }),
      (failure: unknown) => current && setState((before) => ({ ...before, failure })),
    )
    return () => {
      current = false
    }
  }, [api, key, round])
  const again = useCallback(() => setRound((before) => before + 1), [])
  return { ...state, again }
}

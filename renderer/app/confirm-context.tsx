import { createContext, useContext } from 'react'
import type { Transport } from '../transport/transport.ts'

export const ConfirmContext = createContext<Transport['confirm']>(async () => ({ confirmed: false, sentence: '' }))

/** Hands a passphrase to the shell that serves this window. */
export const useConfirm = (): Transport['confirm'] => useContext(ConfirmContext)

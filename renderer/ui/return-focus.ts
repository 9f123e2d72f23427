import { useState } from 'react'

/**
 * For a dialog without a trigger of its own: gives the focus back to what had it when the dialog was first drawn.
 *
 * @returns the handler for the primitive's `onCloseAutoFocus`
 */
export function useReturnFocus(): (event: Event) => void {
  const [before] = useState(() => document.activeElement)
  return (event) => {
    event.preventDefault()
    if (before instanceof HTMLElement && before.isConnected) before.focus()
  }
}

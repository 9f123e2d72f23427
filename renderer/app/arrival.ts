import { useEffect } from 'react'
import { useMirror } from './gatehouse-context.tsx'
import { useWords } from './words.tsx'

const controls = 'input, select, textarea, button, a[href]'

/**
 * Brings what the address names (an element with that `data-place`) into sight and under the keyboard, and says so when it is
 * not there any more. It opens; it never presses anything.
 *
 * @param ready whether what could hold it has been read
 */
export function useArrival(place: string | undefined, ready: boolean): void {
  const { t } = useWords()
  const toast = useMirror((mirror) => mirror.toast)
  useEffect(() => {
    if (place === undefined || !ready) return
    const found = document.querySelector<HTMLElement>(`[data-place="${CSS.escape(place)}"]`)
    if (!found) return toast('info', t('link.gone'))
    found.scrollIntoView({ block: 'center' })
    const first = found.matches('li[data-place]:has(form, input)') ? found.querySelector<HTMLElement>(controls) : null
    if (!first) found.tabIndex = -1
    ;(first ?? found).focus()
  }, [place, ready, toast, t])
}

import { useSyncExternalStore } from 'react'

export type Ink = 'accent' | 'danger' | 'warn' | 'ok' | 'muted'
const inks: readonly Ink[] = ['accent', 'danger', 'warn', 'ok', 'muted']

/** The theme's colours as a canvas understands them. */
export interface ChartLook {
  readonly ink: Readonly<Record<Ink, string>>
  readonly text: string
  readonly line: string
  readonly font: string
}

let known: { readonly theme: string; readonly look: ChartLook } | undefined

/** Read anew when light becomes dark: a canvas does not follow the theme by itself. */
export function useChartLook(): ChartLook {
  const theme = useSyncExternalStore(listen, () => document.documentElement.dataset.theme ?? 'light')
  if (known?.theme !== theme) known = { theme, look: read() }
  return known.look
}

function listen(changed: () => void): () => void {
  const watching = new MutationObserver(changed)
  watching.observe(document.documentElement, { attributeFilter: ['data-theme'] })
  return () => watching.disconnect()
}

function read(): ChartLook {
  const probe = document.createElement('span')
  document.body.append(probe)
  const colour = (name: string) => {
    probe.style.color = `var(--color-${name})`
    return getComputedStyle(probe).color
  }
  const look = {
    ink: Object.fromEntries(inks.map((ink) => [ink, colour(ink)])) as Record<Ink, string>,
    text: colour('muted'),
    line: colour('line'),
    font: `12px ${getComputedStyle(document.body).fontFamily}`,
  }
  probe.remove()
  return look
}

import { useEffect } from 'react'
import { go, type Screen } from './route.ts'

/** The screens in the order of the sidebar; each has the shortcut of its place. */
export const navigation = [
  'home',
  'approvals',
  'servers',
  'permissions',
  'filters',
  'sessions',
  'memory',
  'audit',
  'health',
  'settings',
] as const satisfies readonly Screen[]

export const isApple = /Mac|iPhone|iPad/.test(navigator.platform)
/** As the person reads it. */
export const paletteKeys: readonly string[] = [isApple ? '⌘' : 'Ctrl', 'K']
/** The tenth has the 0, as on the keyboard. */
const keyOf = (place: number) => String((place + 1) % 10)
export const screenKeys = (place: number): readonly string[] => [
  isApple ? '⌥' : 'Alt',
  isApple ? '⇧' : 'Shift',
  keyOf(place),
]

/** As `aria-keyshortcuts` wants it. */
export const ariaPaletteKeys = isApple ? 'Meta+K' : 'Control+K'
export const ariaScreenKeys = (place: number) => `Alt+Shift+${keyOf(place)}`

const isPalette = (event: KeyboardEvent) =>
  event.code === 'KeyK' && !event.altKey && !event.shiftKey && (isApple ? event.metaKey : event.ctrlKey)

const screenOf = ({ altKey, shiftKey, ctrlKey, metaKey, code }: KeyboardEvent): Screen | undefined =>
  altKey && shiftKey && !ctrlKey && !metaKey
    ? navigation[(Number(/^Digit(\d)$/.exec(code)?.[1] ?? Number.NaN) + 9) % 10]
    : undefined

/** With modifiers only, so that nothing a person or a screen reader types is taken (WCAG 2.2, 2.1.4). Nothing under a dialog. */
export function useShortcuts(openPalette: () => void): void {
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      const screen = screenOf(event)
      if (!screen && !isPalette(event)) return
      event.preventDefault()
      if (document.querySelector('[role=dialog]')) return
      if (screen) go(screen)
      else openPalette()
    }
    window.addEventListener('keydown', pressed)
    return () => window.removeEventListener('keydown', pressed)
  }, [openPalette])
}

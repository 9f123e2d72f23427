export type Theme = 'system' | 'light' | 'dark'

const prefersDark = () => window.matchMedia('(prefers-color-scheme: dark)')

/** Sets which half of every colour pair is shown. */
export function applyTheme(theme: Theme): void {
  const dark = theme === 'dark' || (theme === 'system' && prefersDark().matches)
  document.documentElement.dataset.theme = dark ? 'dark' : 'light'
}

/** With "system": follows the system's choice as it changes. */
export function followTheme(theme: Theme): () => void {
  if (theme !== 'system') return () => undefined
  const media = prefersDark()
  const changed = () => applyTheme(theme)
  media.addEventListener('change', changed)
  return () => media.removeEventListener('change', changed)
}

import { type ComponentType, lazy, type ReactNode, Suspense, useCallback, useEffect, useRef, useState } from 'react'
import { ApprovalsScreen } from '../features/approvals/approvals-screen.tsx'
import { AuditScreen } from '../features/audit/audit-screen.tsx'
import { FiltersScreen } from '../features/filters/filters-screen.tsx'
import { HomeScreen } from '../features/home/home-screen.tsx'
import { PermissionsScreen } from '../features/permissions/permissions-screen.tsx'
import { ServersScreen } from '../features/servers/servers-screen.tsx'
import { SessionsScreen } from '../features/sessions/sessions-screen.tsx'
import { Loading } from '../ui/notice.tsx'
import { type Route, useRoute } from './route.ts'
import { useShortcuts } from './shortcuts.ts'
import { Sidebar } from './sidebar.tsx'
import { useWords } from './words.tsx'

const MemoryScreen = lazy(async () => ({
  default: (await import('../features/memory/memory-screen.tsx')).MemoryScreen,
}))
const HealthScreen = lazy(async () => ({
  default: (await import('../features/health/health-screen.tsx')).HealthScreen,
}))
const SettingsScreen = lazy(async () => ({
  default: (await import('../features/settings/settings-screen.tsx')).SettingsScreen,
}))

/** Sidebar and the screen beside it. */
export function Layout() {
  const route = useRoute()
  const { t } = useWords()
  const main = useRef<HTMLElement>(null)
  const shown = useRef(route.screen)
  const { palette, openPalette } = usePalette()
  useShortcuts(openPalette)
  useEffect(() => {
    if (shown.current === route.screen) return
    shown.current = route.screen
    main.current?.scrollTo(0, 0)
    main.current?.focus() // so that the keyboard and screen readers follow to the new screen
  }, [route.screen])
  return (
    <div className="flex h-full flex-col md:flex-row">
      <button
        type="button"
        onClick={() => main.current?.focus()}
        className="fixed top-2 left-2 z-50 -translate-y-16 rounded-lg bg-accent px-4 py-2 font-medium text-accent-ink focus:translate-y-0"
      >
        {t('skip')}
      </button>
      <Sidebar screen={route.screen} onSearch={openPalette} />
      <main id="main" ref={main} tabIndex={-1} className="min-h-0 flex-1 overflow-y-auto outline-none">
        <Suspense fallback={<Loading label={t('loading')} />}>
          <Current route={route} />
        </Suspense>
      </main>
      {palette}
    </div>
  )
}

/**
 * Search over everything. Its script is fetched once the screen stands, and it is shown without a `Suspense`: React keeps the
 * contents of one back for 300 ms after its fallback.
 */
function usePalette(): { readonly palette: ReactNode; readonly openPalette: () => void } {
  const [Palette, setPalette] = useState<ComponentType<{ onClose: () => void }>>()
  const [open, setOpen] = useState(false)
  const fetchPalette = useCallback(
    () => import('../features/palette/palette.tsx').then((module) => setPalette(() => module.Palette)),
    [],
  )
  useEffect(() => void fetchPalette().catch(() => undefined), [fetchPalette]) // it is fetched again when it is opened
  const openPalette = useCallback(() => {
    setOpen(true)
    void fetchPalette()
  }, [fetchPalette])
  return { palette: open && Palette && <Palette onClose={() => setOpen(false)} />, openPalette }
}

function Current({ route }: { route: Route }) {
  switch (route.screen) {
    case 'servers':
      return <ServersScreen selected={route.detail} entry={route.part} />
    case 'permissions':
      return <PermissionsScreen selected={route.detail} />
    case 'filters':
      return <FiltersScreen />
    case 'approvals':
      return <ApprovalsScreen selected={route.detail} />
    case 'sessions':
      return <SessionsScreen selected={route.detail} />
    case 'memory':
      return <MemoryScreen selected={route.detail} workspace={route.part} />
    case 'audit':
      return <AuditScreen selected={route.detail} />
    case 'health':
      return <HealthScreen selected={route.detail} part={route.part} />
    case 'settings':
      return <SettingsScreen selected={route.detail} />
    case 'home':
    case 'question':
      return <HomeScreen />
  }
}

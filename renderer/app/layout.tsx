import { useEffect, useRef } from 'react'
import { ApprovalsScreen } from '../features/approvals/approvals-screen.tsx'
import { AuditScreen } from '../features/audit/audit-screen.tsx'
import { FiltersScreen } from '../features/filters/filters-screen.tsx'
import { HomeScreen } from '../features/home/home-screen.tsx'
import { PermissionsScreen } from '../features/permissions/permissions-screen.tsx'
import { ServersScreen } from '../features/servers/servers-screen.tsx'
import { SessionsScreen } from '../features/sessions/sessions-screen.tsx'
import { type Route, useRoute } from './route.ts'
import { Sidebar } from './sidebar.tsx'
import { useWords } from './words.tsx'

/** Sidebar and the screen beside it. */
export function Layout() {
  const route = useRoute()
  const { t } = useWords()
  const main = useRef<HTMLElement>(null)
  const shown = useRef(route.screen)
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
      <Sidebar screen={route.screen} />
      <main id="main" ref={main} tabIndex={-1} className="min-h-0 flex-1 overflow-y-auto outline-none">
        <Current route={route} />
      </main>
    </div>
  )
}

function Current({ route }: { route: Route }) {
  switch (route.screen) {
    case 'servers':
      return <ServersScreen selected={route.detail} />
    case 'permissions':
      return <PermissionsScreen />
    case 'filters':
      return <FiltersScreen />
    case 'approvals':
      return <ApprovalsScreen />
    case 'sessions':
      return <SessionsScreen />
    case 'audit':
      return <AuditScreen />
    case 'home':
    case 'question':
      return <HomeScreen />
  }
}

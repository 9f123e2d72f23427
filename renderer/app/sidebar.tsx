import {
  Activity,
  BadgeCheck,
  Boxes,
  BrainCircuit,
  Funnel,
  House,
  type LucideIcon,
  ScrollText,
  Search,
  Settings,
  ShieldCheck,
  Unplug,
} from 'lucide-react'
import { cx } from '../ui/ui.ts'
import { useMirror } from './gatehouse-context.tsx'
import { Mark } from './mark.tsx'
import { routeTo, type Screen } from './route.ts'
import { SettingsPopover } from './settings-popover.tsx'
import { ariaPaletteKeys, ariaScreenKeys, navigation, paletteKeys } from './shortcuts.ts'
import { useWords } from './words.tsx'

const icons: Readonly<Record<(typeof navigation)[number], LucideIcon>> = {
  home: House,
  approvals: BadgeCheck,
  servers: Boxes,
  permissions: ShieldCheck,
  filters: Funnel,
  sessions: Unplug,
  memory: BrainCircuit,
  audit: ScrollText,
  health: Activity,
  settings: Settings,
}

/** The way around, with the number of questions waiting. Lies across the top when the window is narrow. */
export function Sidebar({ screen, onSearch }: { screen: Screen; onSearch: () => void }) {
  const { t } = useWords()
  const pending = useMirror((mirror) => mirror.questions.length)
  const held = useMirror((mirror) => (mirror.servers ?? []).reduce((sum, server) => sum + server.quarantined, 0))
  const counts: Partial<Record<Screen, string | false>> = {
    approvals: pending > 0 && t('nav.pending', { count: pending }),
    servers: held > 0 && t('nav.held', { count: held }),
  }
  const numbers: Partial<Record<Screen, number>> = { approvals: pending, servers: held }
  return (
    <header className="on-wall flex shrink-0 flex-wrap items-center bg-wall text-wall-ink md:w-56 md:flex-col md:flex-nowrap md:items-stretch">
      <div className="flex items-center gap-3 px-5 py-3 md:py-5">
        <Mark className="size-9 ring-1 ring-wall-ink/15 rounded-lg" />
        <span className="font-serif text-lg font-semibold tracking-tight">Gatehouse</span>
      </div>
      <nav
        aria-label={t('nav.label')}
        className="order-last w-full overflow-x-auto px-3 pb-2 md:order-none md:flex-1 md:overflow-visible"
      >
        <ul className="flex flex-wrap gap-1 md:flex-col md:flex-nowrap">
          {navigation.map((name, place) => {
            const Icon = icons[name]
            const count = counts[name]
            return (
              <li key={name}>
                <a
                  href={routeTo(name)}
                  aria-keyshortcuts={ariaScreenKeys(place)}
                  aria-current={screen === name ? 'page' : undefined}
                  className={cx(
                    'flex items-center gap-3 rounded-lg px-3 py-2 text-sm font-medium whitespace-nowrap transition-colors',
                    screen === name
                      ? 'bg-wall-raised text-wall-ink'
                      : 'text-wall-muted hover:bg-wall-raised/60 hover:text-wall-ink',
                  )}
                >
                  <Icon aria-hidden="true" className={cx('hidden size-4.5 md:block', screen === name && 'text-gold')} />
                  <span className="flex-1">{t(`nav.${name}`)}</span>
                  {count && (
                    <span className="rounded-full bg-gold px-2 text-xs font-semibold text-[#2b2108]">
                      <span aria-hidden="true">{numbers[name]}</span>
                      <span className="sr-only">{count}</span>
                    </span>
                  )}
                </a>
              </li>
            )
          })}
        </ul>
      </nav>
      <div className="ml-auto flex px-3 py-3 md:ml-0 md:flex-col">
        <button
          type="button"
          aria-keyshortcuts={ariaPaletteKeys}
          onClick={onSearch}
          className="flex items-center gap-3 rounded-lg px-3 py-2 text-sm font-medium text-wall-muted hover:bg-wall-raised/60 hover:text-wall-ink"
        >
          <Search aria-hidden="true" className="size-4.5" />
          <span className="flex-1 text-left">{t('palette.open')}</span>
          <span aria-hidden="true" className="hidden font-sans text-xs md:inline">
            {paletteKeys.join(' ')}
          </span>
        </button>
        <SettingsPopover />
      </div>
    </header>
  )
}

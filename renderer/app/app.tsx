import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { AlertToasts } from '../features/alerts/alert-toasts.tsx'
import { QuestionDialog } from '../features/approvals/question-dialog.tsx'
import { QuestionWindow } from '../features/approvals/question-window.tsx'
import { FirstRun } from '../features/first-run/first-run.tsx'
import { applyTheme, followTheme } from './appearance.ts'
import { ConnectionPage, LostBanner } from './connection.tsx'
import { useMirror } from './gatehouse-context.tsx'
import { Layout } from './layout.tsx'
import type { PassphraseAsker } from './passphrase-asker.ts'
import { PassphraseDialog } from './passphrase-dialog.tsx'
import { type Route, useRoute } from './route.ts'
import { Toasts } from './toasts.tsx'

/** Routes, layout and what lies over every screen. Features show and ask; main decides. */
export function App({ passphrases }: { passphrases: PassphraseAsker }) {
  const setup = useMirror((mirror) => mirror.setup)
  const connection = useMirror((mirror) => mirror.connection)
  const failure = useMirror((mirror) => mirror.failure)
  const route = useRoute()
  useAppearance()
  const readAgain = useMirror((mirror) => mirror.readAgain)
  const failed = connection === 'connected' && failure !== undefined
  if (!setup || failed || connection === 'signed-out' || connection === 'locked') {
    return <ConnectionPage connection={connection} failure={failure} onAgain={readAgain} />
  }
  return (
    <>
      {connection !== 'connected' && <LostBanner />}
      <Screens route={route} firstRun={!setup.firstRunDone} />
      <PassphraseDialog asker={passphrases} />
      <Toasts />
    </>
  )
}

/** The first run lets a backup be restored before it goes on: a changed database may have begun it. */
function Screens({ route, firstRun }: { route: Route; firstRun: boolean }) {
  if (route.screen === 'question') return <QuestionWindow />
  return (
    <>
      {firstRun && !isBackups(route) ? <FirstRun /> : <Layout />}
      <QuestionDialog />
      <AlertToasts />
    </>
  )
}

const isBackups = ({ screen, detail }: Route) => screen === 'settings' && detail === 'backups'

/** Follows the language and theme main keeps. */
function useAppearance(): void {
  const theme = useMirror((mirror) => mirror.setup?.theme ?? 'system')
  const language = useMirror((mirror) => mirror.setup?.language)
  const { i18n } = useTranslation()
  useEffect(() => {
    applyTheme(theme)
    return followTheme(theme)
  }, [theme])
  useEffect(() => {
    if (!language) return
    document.documentElement.lang = language
    void i18n.changeLanguage(language)
  }, [language, i18n])
}

import { useWords } from '../../app/words.tsx'
import { Page } from '../../ui/page.tsx'
import { Tabs } from '../../ui/tabs.tsx'
import { AlertsPart } from '../alerts/alerts-part.tsx'
import { Figures } from './figures.tsx'
import { HealthReport } from './health-report.tsx'
import { LogViewer } from './log-viewer.tsx'
import { TraceList } from './trace-list.tsx'

/** Whether everything is well, what is used, and where time goes. `#/health/log` opens at that tab, `#/health/alerts/ID` at that alert. */
export function HealthScreen({ selected, part }: { selected: string | undefined; part: string | undefined }) {
  const { t } = useWords()
  return (
    <Page title={t('nav.health')} lead={t('health.lead')}>
      <Tabs
        key={selected}
        label={t('nav.health')}
        initial={selected ?? 'figures'}
        tabs={[
          { id: 'figures', label: t('health.tab.figures'), content: <Figures /> },
          { id: 'alerts', label: t('health.tab.alerts'), content: <AlertsPart selected={part} /> },
          { id: 'parts', label: t('health.tab.parts'), content: <HealthReport /> },
          { id: 'traces', label: t('health.tab.traces'), content: <TraceList /> },
          { id: 'log', label: t('health.tab.log'), content: <LogViewer /> },
        ]}
      />
    </Page>
  )
}

import { useReading } from '../../app/gatehouse-context.tsx'
import { useWords } from '../../app/words.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Tabs } from '../../ui/tabs.tsx'
import { PersonTab } from './person-tab.tsx'
import { ReportTab } from './report-tab.tsx'
import { RequestList } from './request-list.tsx'

/** Requests of persons about their data: looking for one, what was asked so far, and how data is kept. */
export function PrivacyDialog({ onClose }: { onClose: () => void }) {
  const { t } = useWords()
  const requests = useReading((api) => api.privacy.requests(), 'requests')
  return (
    <Dialog wide title={t('privacy.title')} description={t('privacy.lead')} closeLabel={t('close')} onClose={onClose}>
      <Tabs
        label={t('privacy.title')}
        tabs={[
          { id: 'person', label: t('privacy.tab.person'), content: <PersonTab onRequested={requests.again} /> },
          { id: 'requests', label: t('privacy.tab.requests'), content: <RequestList reading={requests} /> },
          { id: 'report', label: t('privacy.tab.report'), content: <ReportTab /> },
        ]}
      />
    </Dialog>
  )
}

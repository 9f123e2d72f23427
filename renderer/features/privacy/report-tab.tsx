import type { PrivacyReport } from '../../../shared/contract/privacy.ts'
import { requestKinds } from '../../../shared/domain/privacy.ts'
import { useReading } from '../../app/gatehouse-context.tsx'
import { ReadingView } from '../../app/reading-view.tsx'
import { useWords } from '../../app/words.tsx'
import { Facts } from '../../ui/card.tsx'
import { termsIn } from './privacy-terms.ts'

/** How personal data is kept, as main counted it. */
export function ReportTab() {
  const reading = useReading((api) => api.privacy.report(), 'report')
  return <ReadingView reading={reading}>{(report) => <Report report={report} />}</ReadingView>
}

function Report({ report }: { report: PrivacyReport }) {
  const { t, date, language } = useWords()
  const { audit, retention, memory, requests, encryption, lastVerification: last } = report
  const number = new Intl.NumberFormat(language)
  const counts = (of: Readonly<Record<string, number>>) =>
    Object.entries(of)
      .map(([name, count]) => `${name}: ${number.format(count)}`)
      .join(', ') || t('none')
  const byKind = requestKinds.flatMap((kind) => {
    const count = requests.byKind[kind]
    return count === undefined ? [] : `${t(`privacy.kind.${kind}`)}: ${number.format(count)}`
  })
  const { entries, personal, erased } = audit
  return (
    <Facts
      facts={[
        [
          t('privacy.report.entries'),
          t('privacy.report.entries.value', {
            entries: number.format(entries),
            personal: number.format(personal),
            erased: number.format(erased),
          }),
        ],
        [t('privacy.report.kinds'), counts(audit.kinds)],
        [t('privacy.report.retention'), t('privacy.report.retention.value', retention)],
        [
          t('privacy.report.memory'),
          memory.map((one) => t('privacy.report.memory.value', one)).join('; ') || t('none'),
        ],
        [t('privacy.report.requests'), byKind.join(', ') || t('none')],
        [
          t('privacy.report.encryption'),
          t('privacy.report.encryption.value', {
            cipher: encryption.cipher,
            keys: encryption.keys,
            at: date(encryption.newestKeyAt),
            keptIn: encryption.keptIn,
          }),
        ],
        [
          t('privacy.report.clear'),
          encryption.clear.map((store) => termsIn(language).privacyStores[store].name).join(', '),
        ],
        [
          t('privacy.report.verified'),
          last
            ? t(last.valid ? 'privacy.report.verified.value' : 'privacy.report.verified.bad', {
                at: date(last.at),
                checked: number.format(last.checked),
              })
            : t('privacy.report.verified.never'),
        ],
      ]}
    />
  )
}

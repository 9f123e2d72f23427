import type { ServerDetail } from '../../../shared/contract/servers.ts'
import { useWords } from '../../app/words.tsx'
import { ExactText } from '../../ui/exact-text.tsx'
import { Notice } from '../../ui/notice.tsx'

/** What of this server could be mistaken for another's. */
export function ServerWarnings({ server }: { server: ServerDetail }) {
  const { t } = useWords()
  if (!server.warnings?.length) return null
  return (
    <Notice tone="warn">
      <h3 className="font-semibold">{t('servers.mind.title')}</h3>
      <p className="mt-1">{t('servers.mind.text')}</p>
      <ul className="mt-2 list-disc space-y-1 pl-5">
        {server.warnings.map(({ kind, name, other, otherServer }) => (
          <li key={`${kind} ${name} ${otherServer} ${other}`} className="break-all">
            <ExactText text={t(`servers.mind.${kind}`, { name, other })} />
          </li>
        ))}
      </ul>
    </Notice>
  )
}

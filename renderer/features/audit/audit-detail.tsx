import { Eye } from 'lucide-react'
import { useState } from 'react'
import type { Json } from '../../../shared/domain/json.ts'
import { useAction, useApi } from '../../app/gatehouse-context.tsx'
import { useWords } from '../../app/words.tsx'
import { Button } from '../../ui/button.tsx'
import { Facts } from '../../ui/card.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { ExactBlock, ExactText } from '../../ui/exact-text.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Decision } from './audit-table.tsx'
import type { AuditEntry } from './live-entries.ts'

interface Contents {
  readonly arguments?: Json | undefined
  readonly result?: Json | undefined
  readonly hash: string
}

/** One entry. Arguments and result stay encrypted until asked for; the asking is itself recorded. */
export function AuditDetail({ entry, onClose }: { entry: AuditEntry; onClose: () => void }) {
  const { t, date, duration } = useWords()
  const api = useApi()
  const { busy, run } = useAction()
  const [contents, setContents] = useState<Contents>()
  const code = (text: string) => (
    <code className="font-mono text-xs break-all">
      <ExactText text={text} />
    </code>
  )
  const facts: (readonly [string, React.ReactNode])[] = [
    [t('column.when'), date(entry.time)],
    [t('column.action'), code(entry.action)],
    [t('audit.category'), t(`audit.category.${entry.category}`)],
    ...(entry.decision ? [[t('column.decision'), <Decision key="decision" decision={entry.decision} />] as const] : []),
    ...(entry.client ? [[t('column.app'), <ExactText key="client" text={entry.client} />] as const] : []),
    ...(entry.session ? [[t('column.session'), code(entry.session)] as const] : []),
    ...(entry.server ? [[t('column.server'), code(entry.server)] as const] : []),
    ...(entry.tool ? [[t('column.tool'), code(entry.tool)] as const] : []),
    ...(entry.durationMs === undefined ? [] : [[t('column.duration'), duration(entry.durationMs)] as const]),
    ...(entry.code ? [[t('column.code'), code(entry.code)] as const] : []),
    ...(contents ? [[t('column.hash'), code(contents.hash)] as const] : []),
  ]
  return (
    <Dialog
      placement="side"
      title={t('audit.entry', { seq: String(entry.seq) })}
      description={<ExactText text={entry.summary} />}
      closeLabel={t('close')}
      onClose={onClose}
    >
      <div className="space-y-6">
        <Facts facts={facts} />
        {entry.erased ? (
          <Notice>
            <p className="font-medium">{t('audit.erased')}</p>
            <p className="mt-1">{t('audit.erased.text')}</p>
          </Notice>
        ) : contents ? (
          <>
            <Part title={t('audit.arguments')} value={contents.arguments} none={t('audit.notKept')} />
            <Part title={t('audit.result')} value={contents.result} none={t('audit.notKept')} />
          </>
        ) : (
          <div className="rounded-lg border border-line bg-sunken p-4">
            <p className="mb-3 text-sm text-muted">{t('audit.show.text')}</p>
            <Button
              disabled={busy}
              icon={<Eye aria-hidden="true" className="size-4" />}
              onClick={() => void run(async () => setContents(await api.audit.show({ seq: entry.seq })))}
            >
              {t('audit.show')}
            </Button>
          </div>
        )}
      </div>
    </Dialog>
  )
}

function Part({ title, value, none }: { title: string; value: Json | undefined; none: string }) {
  return (
    <div>
      <h3 className="mb-1.5 text-sm font-semibold">{title}</h3>
      {value === undefined ? (
        <p className="text-sm text-muted">{none}</p>
      ) : (
        <ExactBlock text={JSON.stringify(value, null, 2)} label={title} />
      )}
    </div>
  )
}

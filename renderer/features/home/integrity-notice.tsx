import type { z } from 'zod'
import type { integrityState } from '../../../shared/contract/integrity.ts'
import { useAction, useApi, useMirror, useReading } from '../../app/gatehouse-context.tsx'
import { ReadingFailure } from '../../app/reading-view.tsx'
import { routeTo } from '../../app/route.ts'
import { useWords } from '../../app/words.tsx'
import { Button } from '../../ui/button.tsx'
import { Section } from '../../ui/card.tsx'
import { ExactText } from '../../ui/exact-text.tsx'
import { Notice } from '../../ui/notice.tsx'

type State = z.output<typeof integrityState>

/** Nothing, as long as the records are seen to be as Gatehouse left them and nothing waits to be allowed again. */
export function IntegrityNotice() {
  const told = useMirror((mirror) => mirror.setup?.notices.length ?? 0)
  const toasts = useMirror((mirror) => mirror.toasts.length)
  const rules = useMirror((mirror) => mirror.revision.permissions)
  const { t } = useWords()
  const reading = useReading((api) => api.integrity.state(), `${told} ${toasts} ${rules}`)
  const { value, failure, again } = reading
  return (
    <>
      {failure !== undefined && (
        <div className="mt-4">
          <ReadingFailure reading={reading} what={t('integrity.unread')} />
        </div>
      )}
      {value?.sound === false && <Changed findings={value.findings} />}
      {value !== undefined && value.held.length > 0 && <Held held={value.held} onDone={again} />}
    </>
  )
}

function Changed({ findings }: Pick<State, 'findings'>) {
  const { t } = useWords()
  const api = useApi()
  const { busy, run } = useAction()
  return (
    <div className="mt-4">
      <Notice tone="danger" alert>
        <p className="font-medium">{t('integrity.title')}</p>
        <p className="mt-1">{t('integrity.text')}</p>
        <ul className="mt-2 list-disc pl-5">
          {findings.map(({ table, sentence }) => (
            <li key={`${table} ${sentence}`}>{sentence}</li>
          ))}
        </ul>
        <div className="mt-3 flex flex-wrap items-center gap-4">
          <Button
            look="danger"
            disabled={busy}
            onClick={() => void run(() => api.integrity.accept(), t('integrity.accepted'))}
          >
            {t('integrity.accept')}
          </Button>
          <a href={routeTo('settings', 'backups')} className="font-medium underline underline-offset-4">
            {t('integrity.restore')}
          </a>
        </div>
      </Notice>
    </div>
  )
}

function Held({ held, onDone }: { held: State['held']; onDone: () => void }) {
  const { t, date } = useWords()
  const api = useApi()
  const { busy, run } = useAction()
  const decide = (work: () => Promise<unknown>) => void run(work).then(onDone)
  return (
    <div className="mt-8">
      <Section title={t('integrity.held.title')} hint={t('integrity.held.hint')}>
        <ul className="space-y-2">
          {held.map(({ id, sentence, heldAt }) => (
            <li
              key={id}
              className="flex flex-wrap items-center justify-between gap-3 rounded-xl border border-line bg-surface px-4 py-3 text-sm"
            >
              <span className="min-w-0 break-words">
                <ExactText text={sentence} /> <span className="text-muted">({date(heldAt)})</span>
              </span>
              <span className="flex gap-2">
                <Button size="small" disabled={busy} onClick={() => decide(() => api.integrity.release({ id }))}>
                  {t('integrity.release')}
                </Button>
                <Button size="small" disabled={busy} onClick={() => decide(() => api.integrity.drop({ id }))}>
                  {t('integrity.drop')}
                </Button>
              </span>
            </li>
          ))}
        </ul>
      </Section>
    </div>
  )
}

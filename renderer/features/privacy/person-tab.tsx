import { Eraser, FileDown, Pencil, Search } from 'lucide-react'
import { type FormEvent, useId, useState } from 'react'
import type { Holding } from '../../../shared/contract/privacy.ts'
import { useApi } from '../../app/gatehouse-context.tsx'
import { useWords } from '../../app/words.tsx'
import { Button } from '../../ui/button.tsx'
import { Field, Input, TextArea } from '../../ui/field.tsx'
import { saveFile } from '../../ui/save-file.ts'
import { EraseDialog } from './erase-dialog.tsx'
import { HoldingList } from './holding-list.tsx'
import { RectifyDialog } from './rectify-dialog.tsx'
import { SearchProgress } from './search-progress.tsx'
import { useSearch } from './use-search.ts'

/** Whom it is about, what is kept of them, and what can be done for them. */
export function PersonTab({ onRequested }: { onRequested: () => void }) {
  const { t, date } = useWords()
  const api = useApi()
  const form = useId()
  const { busy, watch, progress, search } = useSearch()
  const [words, setWords] = useState('')
  const [called, setCalled] = useState(() => date(Date.now()))
  const [found, setFound] = useState<{ subject: string[]; holding: Holding }>()
  const [doing, setDoing] = useState<'erase' | 'rectify'>()
  const subject = words.split('\n').flatMap((line) => (line.trim() === '' ? [] : line.trim()))
  const find = (event?: FormEvent) => {
    event?.preventDefault()
    void search(async (mine) => {
      setFound(undefined)
      setFound({ subject, holding: await api.privacy.find({ subject, watch: mine }) })
    })
  }
  const access = async (of: string[]) => {
    const keep = (mine: string) => api.privacy.access({ subject: of, called, watch: mine })
    if (await search(keep, t('privacy.access.done'))) onRequested()
  }
  const save = async (of: string[]) => {
    const write = async (mine: string) => {
      const { request } = await api.privacy.export({ subject: of, called, watch: mine })
      const texts: string[] = []
      for (let from: number | undefined = 0; from !== undefined; ) {
        const piece: { text: string; next?: number | undefined } = await api.privacy.document({ request, from })
        texts.push(piece.text)
        from = piece.next
      }
      saveFile(`gatehouse-${request}.json`, texts, 'application/json')
    }
    if (await search(write, t('privacy.export.done'))) onRequested()
  }
  const ended = () => {
    setDoing(undefined)
    onRequested()
    find()
  }
  return (
    <div className="space-y-5">
      <form id={form} onSubmit={find} className="grid gap-4 sm:grid-cols-2">
        <Field label={t('privacy.subject')} hint={t('privacy.subject.hint')}>
          {(ids) => (
            <TextArea
              {...ids}
              rows={3}
              required
              value={words}
              className="w-full"
              onChange={(event) => setWords(event.target.value)}
            />
          )}
        </Field>
        <Field label={t('privacy.called')} hint={t('privacy.called.hint')}>
          {(ids) => (
            <Input
              {...ids}
              required
              maxLength={100}
              value={called}
              className="w-full"
              onChange={(event) => setCalled(event.target.value)}
            />
          )}
        </Field>
      </form>
      <Button
        type="submit"
        form={form}
        look="primary"
        disabled={busy || subject.length === 0 || called.trim() === ''}
        icon={<Search aria-hidden="true" className="size-4" />}
      >
        {t('privacy.find')}
      </Button>
      {busy && <SearchProgress watch={watch} progress={progress} />}
      {found && (
        <>
          <HoldingList holding={found.holding} />
          <div className="flex flex-wrap gap-2">
            <Button disabled={busy} onClick={() => void access(found.subject)}>
              {t('privacy.access')}
            </Button>
            <Button
              disabled={busy}
              icon={<FileDown aria-hidden="true" className="size-4" />}
              onClick={() => void save(found.subject)}
            >
              {t('privacy.export')}
            </Button>
            <Button
              disabled={busy}
              icon={<Pencil aria-hidden="true" className="size-4" />}
              onClick={() => setDoing('rectify')}
            >
              {t('privacy.rectify')}
            </Button>
            <Button
              look="danger-quiet"
              disabled={busy}
              icon={<Eraser aria-hidden="true" className="size-4" />}
              onClick={() => setDoing('erase')}
            >
              {t('privacy.erase')}
            </Button>
          </div>
        </>
      )}
      {found && doing === 'erase' && <EraseDialog subject={found.subject} called={called} onClose={ended} />}
      {found && doing === 'rectify' && <RectifyDialog subject={found.subject} called={called} onClose={ended} />}
    </div>
  )
}

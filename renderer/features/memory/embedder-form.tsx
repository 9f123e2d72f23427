import { type FormEvent, useState } from 'react'
import type { z } from 'zod'
import { embedderChoice, type memory } from '../../../shared/contract/memory.ts'
import { useAction, useApi, useMirror, useReading } from '../../app/gatehouse-context.tsx'
import { ReadingView } from '../../app/reading-view.tsx'
import { useWords } from '../../app/words.tsx'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { Field, Input, Select } from '../../ui/field.tsx'
import { Notice } from '../../ui/notice.tsx'
import type { Workspace } from './memory-types.ts'

type Chosen = z.output<typeof memory.embedder.output>
type Kind = Chosen['choice']['kind']
const kinds = ['built-in', 'ollama', 'openai'] as const satisfies readonly Kind[]
const usualUrl = { ollama: 'http://127.0.0.1:11434', openai: 'http://127.0.0.1:1234/v1' }

/** What makes the vectors that recall compares: Gatehouse itself, or a model behind an address. */
export function EmbedderForm({ workspace }: { workspace: Workspace }) {
  const revision = useMirror((mirror) => mirror.revision.memory)
  const reading = useReading((api) => api.memory.embedder(), `embedder ${revision}`)
  return (
    <ReadingView reading={reading}>
      {(chosen) => (
        <div className="space-y-3">
          <Unanswered workspace={workspace} chosen={chosen} onCancelled={reading.again} />
          <Form key={JSON.stringify(chosen)} chosen={chosen} onSaved={reading.again} />
        </div>
      )}
    </ReadingView>
  )
}

interface UnansweredProps {
  readonly workspace: Workspace
  readonly chosen: Chosen
  readonly onCancelled: () => void
}

/** A model that was chosen and has made nothing yet: it may not be there. */
function Unanswered({ workspace, chosen, onCancelled }: UnansweredProps) {
  const { t } = useWords()
  const api = useApi()
  const { busy, run } = useAction()
  const revision = useMirror((mirror) => mirror.revision.memory)
  const { value } = useReading((from) => from.memory.overview({ workspace }), `${revision} ${JSON.stringify(chosen)}`)
  const { choice } = chosen
  if (!value || value.embedding || choice.kind === 'built-in') return null
  if (value.embedder.name === `${choice.kind} ${choice.url} ${choice.model}`) return null
  const stay = () =>
    void run(() => api.memory.cancelEmbedding({ workspace }), t('memory.embedding.cancelled')).then(onCancelled)
  const button = (
    <Button size="small" disabled={busy} onClick={stay}>
      {t('memory.embedding.cancel')}
    </Button>
  )
  return (
    <Notice tone="warn" action={button}>
      {t('memory.embedder.unanswered', { address: choice.url })}
    </Notice>
  )
}

function Form({ chosen: { choice, hasKey }, onSaved }: { chosen: Chosen; onSaved: () => void }) {
  const { t } = useWords()
  const api = useApi()
  const { busy, run } = useAction()
  const [kind, setKind] = useState<Kind>(choice.kind)
  const [url, setUrl] = useState(choice.kind === 'built-in' ? '' : choice.url)
  const [model, setModel] = useState(choice.kind === 'built-in' ? '' : choice.model)
  const [key, setKey] = useState('')
  const wanted = kind === 'built-in' ? { kind } : { kind, url: url.trim(), model: model.trim() }
  const badUrl =
    kind !== 'built-in' && url.trim() !== '' && !embedderChoice.safeParse({ ...wanted, model: 'm' }).success
  const same = JSON.stringify(wanted) === JSON.stringify(choice) && key === ''
  const save = (event: FormEvent) => {
    event.preventDefault()
    void run(
      () => api.memory.setEmbedder({ choice: wanted, ...(key === '' ? {} : { key }) }),
      t('memory.embedder.saved'),
    ).then((saved) => saved && onSaved())
  }
  return (
    <Card className="px-5 py-4">
      <form onSubmit={save} className="grid gap-4 sm:grid-cols-2">
        <Field label={t('memory.embedder.kind')}>
          {(ids) => (
            <Select {...ids} value={kind} onChange={(event) => setKind(event.target.value as Kind)}>
              {kinds.map((one) => (
                <option key={one} value={one}>
                  {t(`memory.embedder.${one}`)}
                </option>
              ))}
            </Select>
          )}
        </Field>
        {kind !== 'built-in' && (
          <>
            <Field label={t('memory.embedder.model')} hint={t('memory.embedder.model.hint')}>
              {(ids) => (
                <Input
                  {...ids}
                  required
                  maxLength={200}
                  value={model}
                  onChange={(event) => setModel(event.target.value)}
                />
              )}
            </Field>
            <Field
              label={t('memory.embedder.url')}
              hint={t('memory.embedder.url.hint', { example: usualUrl[kind] })}
              error={badUrl ? t('memory.embedder.url.wrong') : undefined}
            >
              {(ids) => (
                <Input
                  {...ids}
                  required
                  maxLength={2_000}
                  value={url}
                  onChange={(event) => setUrl(event.target.value)}
                />
              )}
            </Field>
            <Field
              label={t('memory.embedder.key')}
              hint={t(hasKey ? 'memory.embedder.key.kept' : 'memory.embedder.key.hint')}
            >
              {(ids) => (
                <Input
                  {...ids}
                  type="password"
                  maxLength={4_096}
                  value={key}
                  onChange={(event) => setKey(event.target.value)}
                />
              )}
            </Field>
            <div className="sm:col-span-2">
              <Notice tone="warn">{t('memory.embedder.goes')}</Notice>
            </div>
          </>
        )}
        <div className="flex items-end sm:col-span-2">
          <Button look="primary" type="submit" disabled={busy || same || badUrl}>
            {t('memory.embedder.save')}
          </Button>
        </div>
      </form>
    </Card>
  )
}

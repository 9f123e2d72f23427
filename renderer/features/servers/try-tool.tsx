import { Play } from 'lucide-react'
import { type FormEvent, useEffect, useId, useRef, useState } from 'react'
import type { EntryName } from '../../../shared/domain/ids.ts'
import type { Json, JsonObject } from '../../../shared/domain/json.ts'
import { sentenceOf, useApi, useReading } from '../../app/gatehouse-context.tsx'
import { ReadingView } from '../../app/reading-view.tsx'
import { useWords } from '../../app/words.tsx'
import { Button } from '../../ui/button.tsx'
import { Check, Field, TextArea } from '../../ui/field.tsx'
import { Notice } from '../../ui/notice.tsx'
import { SchemaFields } from './schema-fields.tsx'
import { type Draft, draftFrom, emptyDraft, formOf, type Shape, type Typed, typedValue } from './schema-form.ts'
import { type Told, ToolResult } from './tool-result.tsx'

/** Calls a tool with arguments from a form of its schema; judged, asked about and recorded like any other call. */
export function TryTool({ name }: { name: EntryName }) {
  const { t } = useWords()
  const reading = useReading((api) => api.tools.describe({ name }), name)
  return (
    <section
      aria-label={t('try.title', { tool: name })}
      className="mt-3 rounded-lg border border-line bg-ground/60 p-4"
    >
      <ReadingView reading={reading}>{({ inputSchema }) => <TryForm name={name} schema={inputSchema} />}</ReadingView>
    </section>
  )
}

type Outcome = { readonly told: Told } | { readonly refused: string }

function TryForm({ name, schema }: { name: EntryName; schema: Json | undefined }) {
  const { t } = useWords()
  const api = useApi()
  const problemId = useId()
  const answered = useRef<HTMLDivElement>(null)
  const shape = formOf(schema)
  const [draft, setDraft] = useState<Draft>(() => emptyDraft(shape))
  const [text, setText] = useState('{}')
  const [raw, setRaw] = useState(shape.kind === 'json')
  const [problem, setProblem] = useState<string>()
  const [busy, setBusy] = useState(false)
  const [outcome, setOutcome] = useState<Outcome>()
  useEffect(() => {
    if (outcome) answered.current?.scrollIntoView({ block: 'nearest' })
  }, [outcome])
  const typed = () => argumentsOf(raw ? typedValue({ kind: 'json' }, text, true, 'JSON') : typedValue(shape, draft))
  const refuse = (field: string) => setProblem(t(field === 'JSON' ? 'try.badJson' : 'try.bad', { field }))
  const change = <T,>(set: (value: T) => void) => {
    return (value: T) => {
      setProblem(undefined)
      set(value)
    }
  }
  const switchRaw = (wanted: boolean) => {
    const now = typed()
    if ('problem' in now) return refuse(now.problem)
    if (wanted) setText(JSON.stringify(now.value, null, 2))
    else setDraft(draftFrom(shape, now.value))
    setProblem(undefined)
    setRaw(wanted)
  }
  const call = async (event: FormEvent) => {
    event.preventDefault()
    const now = typed()
    if ('problem' in now) return refuse(now.problem)
    setProblem(undefined)
    setBusy(true)
    setOutcome(undefined)
    try {
      setOutcome({ told: await api.tools.call({ name, arguments: now.value }) })
    } catch (failure) {
      setOutcome({ refused: sentenceOf(failure, t) })
    } finally {
      setBusy(false)
    }
  }
  return (
    <>
      <form noValidate aria-describedby={problem ? problemId : undefined} onSubmit={(event) => void call(event)}>
        <p className="mb-4 text-xs text-muted">{t('try.text')}</p>
        {raw ? (
          <Field label={t('permissions.test.arguments')}>
            {(ids) => (
              <TextArea
                {...ids}
                rows={6}
                className="w-full"
                value={text}
                onChange={({ target }) => change(setText)(target.value)}
              />
            )}
          </Field>
        ) : (
          <Fields shape={shape} draft={draft} onChange={change(setDraft)} />
        )}
        {problem && (
          <p id={problemId} role="alert" className="mt-2 text-xs text-danger">
            {problem}
          </p>
        )}
        <div className="mt-4 flex flex-wrap items-center justify-between gap-3">
          <Button type="submit" look="primary" disabled={busy} icon={<Play aria-hidden="true" className="size-4" />}>
            {t(busy ? 'try.running' : 'try.run')}
          </Button>
          {shape.kind !== 'json' && <Check checked={raw} onChange={switchRaw} label={t('try.raw')} />}
        </div>
      </form>
      <div ref={answered} role="status" className="mt-4 empty:hidden">
        {outcome && 'refused' in outcome && <Notice tone="warn">{outcome.refused}</Notice>}
        {outcome && 'told' in outcome && <ToolResult told={outcome.told} />}
      </div>
    </>
  )
}

function Fields({ shape, draft, onChange }: { shape: Shape; draft: Draft; onChange: (draft: Draft) => void }) {
  const { t } = useWords()
  if (shape.kind !== 'object') return null
  if (shape.fields.length === 0) return <p className="text-sm text-muted">{t('try.none')}</p>
  return <SchemaFields fields={shape.fields} draft={draft} onChange={onChange} />
}

function argumentsOf(typed: Typed): { readonly value: JsonObject } | { readonly problem: string } {
  if ('problem' in typed) return typed
  const { value } = typed
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
  return isObject ? { value: value as JsonObject } : { problem: 'JSON' }
}

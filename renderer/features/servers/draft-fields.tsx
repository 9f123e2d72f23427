import type { ReactNode } from 'react'
import { useWords } from '../../app/words.tsx'
import { Field, TextArea } from '../../ui/field.tsx'
import { splitCommandLine } from './command-line.ts'
import type { DraftForm } from './draft.ts'
import { NameField } from './name-field.tsx'
import { HostsField, ReachFields } from './reach-fields.tsx'

interface DraftFieldsProps {
  readonly form: DraftForm
  readonly onChange: (form: DraftForm) => void
  readonly workspace: ReactNode
}

export function DraftFields({ form, onChange, workspace }: DraftFieldsProps) {
  const { t } = useWords()
  const set = (part: Partial<DraftForm>) => onChange({ ...form, ...part })
  return (
    <div className="space-y-5">
      <NameField name={form.name} onChange={(name) => set({ name })} />
      {workspace}
      <Field label={t('servers.command')} hint={<WordsOf line={form.line} />}>
        {(ids) => (
          <TextArea
            {...ids}
            rows={2}
            value={form.line}
            placeholder="npx -y @modelcontextprotocol/server-memory"
            onChange={(event) => set({ line: event.target.value })}
          />
        )}
      </Field>
      <ReachFields form={form} onChange={set} />
      <div className="grid gap-5 sm:grid-cols-2">
        <HostsField hosts={form.hosts} rows={3} onChange={(hosts) => set({ hosts })} />
        <Field label={t('servers.env')} hint={t('servers.env.hint')}>
          {(ids) => (
            <TextArea
              {...ids}
              rows={3}
              value={form.env}
              placeholder="LOG_LEVEL=info"
              onChange={(event) => set({ env: event.target.value })}
            />
          )}
        </Field>
      </div>
      <Field label={t('servers.secrets')} hint={t('servers.secrets.hint')}>
        {(ids) => (
          <TextArea
            {...ids}
            rows={2}
            value={form.secrets}
            placeholder="API_KEY=…"
            onChange={(event) => set({ secrets: event.target.value })}
          />
        )}
      </Field>
    </div>
  )
}

/** The line as it was understood, word by word. */
function WordsOf({ line }: { line: string }) {
  const { t } = useWords()
  const words = splitCommandLine(line)
  if (!words.ok) return t('servers.command.hint')
  return (
    <span className="flex flex-wrap gap-1">
      {[words.command, ...words.args].map((word, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a word is known by its place only
        <code key={place} className="rounded bg-sunken px-1.5 font-mono break-all text-ink">
          {word || '""'}
        </code>
      ))}
    </span>
  )
}

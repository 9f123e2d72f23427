import { useState } from 'react'
import { useReading } from '../../app/gatehouse-context.tsx'
import { ReadingView } from '../../app/reading-view.tsx'
import { useWords } from '../../app/words.tsx'
import { Field, Select } from '../../ui/field.tsx'
import { useWorkspaceChoice } from '../workspaces/workspace-field.tsx'
import { Copyable } from './copyable.tsx'

/** Names by which apps are paired; any other works too, given in the snippet's `--client`. */
const apps = [
  ['claude-desktop', 'Claude Desktop'],
  ['claude-code', 'Claude Code'],
  ['cursor', 'Cursor'],
  ['vscode', 'VS Code'],
  ['zed', 'Zed'],
  ['codex', 'Codex'],
  ['gemini-cli', 'Gemini CLI'],
] as const

/** What to paste into an AI app's configuration. */
export function ConnectSnippet() {
  const { t } = useWords()
  const [name, setName] = useState<string>(apps[0][0])
  const { part, field } = useWorkspaceChoice(undefined, t('apps.workspace'))
  const reading = useReading((api) => api.clients.snippet({ name, ...part }), `${name} ${part.workspace ?? ''}`)
  return (
    <div className="space-y-4">
      <div className="flex flex-wrap gap-4">
        <Field label={t('connect.app')}>
          {(ids) => (
            <Select {...ids} value={name} className="w-64" onChange={(event) => setName(event.target.value)}>
              {apps.map(([id, title]) => (
                <option key={id} value={id}>
                  {title}
                </option>
              ))}
              <option value="my-app">{t('connect.other')}</option>
            </Select>
          )}
        </Field>
        {field}
      </div>
      <ReadingView reading={reading}>
        {(snippet) => (
          <>
            <Copyable title={t('connect.json')} text={snippet.json} />
            <Copyable title={t('connect.command')} text={[snippet.command, ...snippet.args].map(quoted).join(' ')} />
          </>
        )}
      </ReadingView>
    </div>
  )
}

const quoted = (word: string) => (/[\s"']/.test(word) ? JSON.stringify(word) : word)

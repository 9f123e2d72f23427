import { useState } from 'react'
import type { z } from 'zod'
import type { workspace } from '../../../shared/contract/workspaces.ts'
import type { ServerName, WorkspaceName } from '../../../shared/domain/ids.ts'
import { useAction, useApi, useMirror, useReading } from '../../app/gatehouse-context.tsx'
import { ReadingView } from '../../app/reading-view.tsx'
import { useWords } from '../../app/words.tsx'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { Card, Section } from '../../ui/card.tsx'
import { Field, Input, Select } from '../../ui/field.tsx'

type Workspace = z.output<typeof workspace>

/** Isolated sets of servers and apps: looked at, added, removed, and servers moved between them. */
export function WorkspaceList() {
  const { t } = useWords()
  const api = useApi()
  const { busy, run } = useAction()
  const revision = useMirror((mirror) => mirror.revision.clients)
  const reading = useReading((from) => from.workspaces.list(), revision)
  const [name, setName] = useState('')
  const act = (work: () => Promise<unknown>, done: string) =>
    void run(work, done).then((worked) => worked && reading.again())
  const add = () => {
    act(() => api.workspaces.add({ name: name.trim() as WorkspaceName }), t('workspace.added'))
    setName('')
  }
  return (
    <Section title={t('workspace.title')} hint={t('workspace.hint')}>
      <ReadingView reading={reading}>
        {({ workspaces }) => (
          <Card>
            <ul className="divide-y divide-line/70">
              {workspaces.map((one) => (
                <WorkspaceRow key={one.name} workspace={one} all={workspaces} busy={busy} act={act} />
              ))}
            </ul>
          </Card>
        )}
      </ReadingView>
      <form
        className="mt-4 flex flex-wrap items-start gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          add()
        }}
      >
        <Field label={t('workspace.name')} hint={t('workspace.name.hint')}>
          {(ids) => <Input {...ids} value={name} maxLength={32} onChange={(event) => setName(event.target.value)} />}
        </Field>
        <Button type="submit" disabled={busy || name.trim() === ''} className="mt-6">
          {t('workspace.add')}
        </Button>
      </form>
    </Section>
  )
}

interface WorkspaceRowProps {
  readonly workspace: Workspace
  readonly all: readonly Workspace[]
  readonly busy: boolean
  readonly act: (work: () => Promise<unknown>, done: string) => void
}

function WorkspaceRow({ workspace: one, all, busy, act }: WorkspaceRowProps) {
  const { t } = useWords()
  const api = useApi()
  const names = (some: readonly string[]) => some.join(', ') || t('workspace.nobody')
  const others = all.filter(({ name }) => name !== one.name)
  const removable = !one.isDefault && one.servers.length + one.clients.length === 0
  const move = (server: string, workspace: string) =>
    act(
      () => api.workspaces.moveServer({ server: server as ServerName, workspace: workspace as WorkspaceName }),
      t('workspace.moved'),
    )
  return (
    <li className="px-5 py-3.5 text-sm">
      <div className="flex flex-wrap items-center gap-3">
        <span className="font-medium">{one.name}</span>
        {one.isDefault && <Badge>{t('workspace.default')}</Badge>}
        {removable && (
          <Button
            size="small"
            className="ml-auto"
            disabled={busy}
            onClick={() =>
              act(() => api.workspaces.remove({ name: one.name as WorkspaceName }), t('workspace.removed'))
            }
          >
            {t('workspace.remove', { name: one.name })}
          </Button>
        )}
      </div>
      <p className="mt-1 text-muted">{t('workspace.servers', { names: names(one.servers) })}</p>
      <p className="text-muted">{t('workspace.apps', { names: names(one.clients) })}</p>
      {others.length > 0 && one.servers.length > 0 && (
        <div className="mt-2 flex flex-wrap gap-3">
          {one.servers.map((server) => (
            <Select
              key={server}
              aria-label={t('workspace.move', { server })}
              value=""
              disabled={busy}
              className="w-56"
              onChange={(event) => move(server, event.target.value)}
            >
              <option value="">{t('workspace.move', { server })}</option>
              {others.map(({ name }) => (
                <option key={name} value={name}>
                  {name}
                </option>
              ))}
            </Select>
          ))}
        </div>
      )}
    </li>
  )
}

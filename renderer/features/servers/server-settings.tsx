import { useState } from 'react'
import type { ServerDetail } from '../../../shared/contract/servers.ts'
import type { ServerName } from '../../../shared/domain/ids.ts'
import { useAction, useApi } from '../../app/gatehouse-context.tsx'
import { useWords } from '../../app/words.tsx'
import { Button } from '../../ui/button.tsx'
import { Check, Field, TextArea } from '../../ui/field.tsx'
import { Notice } from '../../ui/notice.tsx'
import { linesOf } from './draft.ts'
import { FileRateField, fileRateOf } from './file-rate-field.tsx'
import { type Folder, FolderListField } from './folder-list-field.tsx'
import { RemoteSettings } from './remote-settings.tsx'
import { RunningFields } from './running-fields.tsx'
import { checkRunning, type RunningFormProblem, runningFormOf } from './running-form.ts'
import { SandboxField } from './sandbox-field.tsx'

/** What the person may change later; main decides whether it widens rights and asks again. */
export function ServerSettings({ server, onSaved }: { server: ServerDetail; onSaved: () => void }) {
  const { t } = useWords()
  const api = useApi()
  const { busy, run } = useAction()
  const remote = server.origin === 'remote'
  const isFiles = server.bundle === 'filesystem'
  const [sandbox, setSandbox] = useState(server.sandbox)
  const [folders, setFolders] = useState<readonly Folder[]>(server.allowedPaths)
  const [hosts, setHosts] = useState(server.allowedHosts.join('\n'))
  const [trusted, setTrusted] = useState(server.trusted)
  const [rateTyped, setRateTyped] = useState(String(server.running.operationsPerSecond ?? ''))
  const [running, setRunning] = useState(runningFormOf(server))
  const [problem, setProblem] = useState<RunningFormProblem>()
  const save = async () => {
    const checked = checkRunning(running)
    setProblem(typeof checked === 'string' ? checked : undefined)
    if (typeof checked === 'string') return
    const rate = fileRateOf(rateTyped)
    if (rate === undefined) return // its field says why
    const confinement = remote ? {} : { sandbox, allowedPaths: [...folders], allowedHosts: linesOf(hosts) }
    const files = isFiles ? { operationsPerSecond: rate } : {}
    const how = { shared: checked.shared, running: { ...checked.running, ...files } }
    const change = { name: server.name as ServerName, ...confinement, trusted, ...how }
    if (await run(() => api.servers.set(change), t('saved'))) onSaved()
  }
  return (
    <div className="space-y-5">
      {remote && <RemoteSettings key={server.command} server={server} onSaved={onSaved} />}
      {!remote && (
        <>
          <SandboxField level={sandbox} onChange={setSandbox} />
          <fieldset>
            <legend className="mb-1 text-sm font-medium">{t('servers.folders')}</legend>
            <FolderListField
              folders={folders}
              onChange={setFolders}
              empty={t('servers.folders.none')}
              rights={isFiles}
            />
            {isFiles && <FileRateField typed={rateTyped} onChange={setRateTyped} />}
          </fieldset>
          <Field label={t('servers.hosts')} hint={t('servers.hosts.hint')}>
            {(ids) => <TextArea {...ids} rows={3} value={hosts} onChange={(event) => setHosts(event.target.value)} />}
          </Field>
        </>
      )}
      <RunningFields form={running} remote={remote} onChange={setRunning} />
      <Check checked={trusted} onChange={setTrusted} label={t('servers.trust')} hint={t('servers.trust.hint')} />
      {problem && (
        <Notice tone="danger" alert>
          {t(problem)}
        </Notice>
      )}
      <Button look="primary" disabled={busy} onClick={() => void save()}>
        {t('save')}
      </Button>
    </div>
  )
}

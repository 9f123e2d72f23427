import { useState } from 'react'
import type { ServerDetail } from '../../../shared/contract/servers.ts'
import type { ServerName } from '../../../shared/domain/ids.ts'
import { useAction, useApi } from '../../app/gatehouse-context.tsx'
import { useWords } from '../../app/words.tsx'
import { Button } from '../../ui/button.tsx'
import { Check, Field, TextArea } from '../../ui/field.tsx'
import { linesOf } from './draft.ts'
import { FolderListField } from './folder-list-field.tsx'
import { SandboxField } from './sandbox-field.tsx'

/** What the person may change later; main decides whether it widens rights and asks again. */
export function ServerSettings({ server, onSaved }: { server: ServerDetail; onSaved: () => void }) {
  const { t } = useWords()
  const api = useApi()
  const { busy, run } = useAction()
  const [sandbox, setSandbox] = useState(server.sandbox)
  const [folders, setFolders] = useState<ServerDetail['allowedPaths']>(server.allowedPaths)
  const [hosts, setHosts] = useState(server.allowedHosts.join('\n'))
  const [trusted, setTrusted] = useState(server.trusted)
  const save = async () => {
    const change = {
      name: server.name as ServerName,
      sandbox,
      allowedPaths: folders,
      allowedHosts: linesOf(hosts),
      trusted,
    }
    if (await run(() => api.servers.set(change), t('saved'))) onSaved()
  }
  return (
    <div className="space-y-5">
      <SandboxField level={sandbox} onChange={setSandbox} />
      <fieldset>
        <legend className="mb-1 text-sm font-medium">{t('servers.folders')}</legend>
        <FolderListField
          folders={folders}
          onChange={(next) => setFolders([...next])}
          empty={t('servers.folders.none')}
        />
      </fieldset>
      <Field label={t('servers.hosts')} hint={t('servers.hosts.hint')}>
        {(ids) => <TextArea {...ids} rows={3} value={hosts} onChange={(event) => setHosts(event.target.value)} />}
      </Field>
      <Check checked={trusted} onChange={setTrusted} label={t('servers.trust')} hint={t('servers.trust.hint')} />
      <Button look="primary" disabled={busy} onClick={() => void save()}>
        {t('save')}
      </Button>
    </div>
  )
}

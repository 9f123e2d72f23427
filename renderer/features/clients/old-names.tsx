import { useAction, useApi } from '../../app/gatehouse-context.tsx'
import { useWords } from '../../app/words.tsx'
import { Check } from '../../ui/field.tsx'
import type { Client } from './client-list.tsx'

/** Whether an app's method names from before MCP's first revision are answered; only for one that uses them, or did. */
export function OldNames({ client, onChanged }: { client: Client; onChanged: () => void }) {
  const { t } = useWords()
  const api = useApi()
  const { busy, run } = useAction()
  const { name, oldNames = false, deprecated = [], state } = client
  if (state === 'revoked' || !(oldNames || deprecated.includes('old-names'))) return null
  const change = async (taken: boolean) => {
    const said = t(taken ? 'clients.oldNames.on' : 'clients.oldNames.off', { client: name })
    if (await run(() => api.clients.setOldNames({ name, taken }), said)) onChanged()
  }
  return (
    <div className="mt-2">
      <Check
        checked={oldNames}
        onChange={(taken) => !busy && void change(taken)}
        label={t('clients.oldNames', { client: name })}
        hint={t('clients.oldNames.hint')}
      />
    </div>
  )
}

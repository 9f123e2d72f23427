import { useState } from 'react'
import { useWords } from '../../app/words.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Notice } from '../../ui/notice.tsx'
import type { Client } from './client-list.tsx'
import { Copyable } from './copyable.tsx'
import { KeyRow } from './key-row.tsx'
import { NewKey } from './new-key.tsx'

/** Opens the API keys of one app: what each may do, another secret for one, its end, and a new one. */
export function KeysButton({ client, onChanged }: { client: Client; onChanged: () => void }) {
  const { t } = useWords()
  const [open, setOpen] = useState(false)
  const [token, setToken] = useState<string>()
  const { name, tokens } = client
  const close = () => {
    setOpen(false)
    setToken(undefined)
  }
  const issued = (made: string) => {
    setToken(made)
    onChanged()
  }
  const revoked = () => {
    setToken(undefined)
    onChanged()
  }
  return (
    <>
      <Button size="small" aria-label={t('keys.label', { client: name })} onClick={() => setOpen(true)}>
        {t('keys.button')}
      </Button>
      {open && (
        <Dialog
          wide
          title={t('keys.label', { client: name })}
          description={t('keys.text')}
          closeLabel={t('close')}
          onClose={close}
        >
          <div className="space-y-6">
            {token && (
              <Notice>
                <div className="space-y-2">
                  <Copyable key={token} title={t('keys.token')} text={token} />
                  <p className="text-sm">{t('keys.token.once')}</p>
                </div>
              </Notice>
            )}
            {tokens.length === 0 && <p className="text-sm text-muted">{t('keys.none')}</p>}
            {tokens.length > 0 && (
              <ul aria-label={t('keys.button')} className="divide-y divide-line/70">
                {tokens.map((key) => (
                  <KeyRow key={key.id} client={name} apiKey={key} onIssued={issued} onRevoked={revoked} />
                ))}
              </ul>
            )}
            <NewKey client={name} workspace={client.workspace} onIssued={issued} />
          </div>
        </Dialog>
      )}
    </>
  )
}

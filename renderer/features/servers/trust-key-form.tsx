import { useState } from 'react'
import { useAction, useApi } from '../../app/gatehouse-context.tsx'
import { useWords } from '../../app/words.tsx'
import { Button } from '../../ui/button.tsx'
import { Field, Input, TextArea } from '../../ui/field.tsx'

/** Characters a public key may have. */
const mostPem = 2000

/** A public key to trust: from a file or pasted. */
export function TrustKeyForm({ onTrusted }: { onTrusted: () => void }) {
  const { t } = useWords()
  const api = useApi()
  const { busy, run } = useAction()
  const [name, setName] = useState('')
  const [pem, setPem] = useState('')
  const [error, setError] = useState<string>()
  const edit = (text: string) => {
    setPem(text)
    setError(undefined)
  }
  const read = async (file: File | undefined) => {
    if (!file) return
    if (file.size > mostPem) return setError(t('trusted-keys.add.tooLong'))
    edit(await file.text())
    if (name === '') setName(file.name.replace(/\.(?:pub|pem|key)$/i, ''))
  }
  const add = async () => {
    const trusted = await run(
      () => api.cells.trust({ name: name.trim(), publicKey: pem.trim() }),
      t('trusted-keys.added', { name: name.trim() }),
    )
    if (!trusted) return
    setName('')
    setPem('')
    onTrusted()
  }
  return (
    <form
      aria-label={t('trusted-keys.add')}
      className="space-y-4"
      onSubmit={(event) => {
        event.preventDefault()
        if (/PRIVATE KEY/.test(pem)) setError(t('trusted-keys.add.private'))
        else void add()
      }}
    >
      <h3 className="font-serif text-lg font-semibold">{t('trusted-keys.add')}</h3>
      <p className="text-sm text-muted">{t('trusted-keys.add.text')}</p>
      <Field label={t('trusted-keys.add.name')}>
        {(ids) => (
          <Input
            {...ids}
            required
            value={name}
            maxLength={100}
            className="w-full"
            onChange={(event) => setName(event.target.value)}
          />
        )}
      </Field>
      <Field label={t('trusted-keys.add.file')}>
        {(ids) => (
          <input
            {...ids}
            type="file"
            accept=".pem,.pub,.key"
            className="block w-full text-sm file:mr-3 file:min-h-9 file:rounded-lg file:border file:border-solid file:border-edge/60 file:bg-surface file:px-3.5 file:py-1.5 file:text-sm file:font-medium file:text-ink"
            onChange={(event) => void read(event.target.files?.[0])}
          />
        )}
      </Field>
      <Field label={t('trusted-keys.add.pem')} error={error}>
        {(ids) => (
          <TextArea
            {...ids}
            required
            rows={4}
            value={pem}
            maxLength={mostPem}
            placeholder="-----BEGIN PUBLIC KEY-----"
            className="w-full text-xs"
            onChange={(event) => edit(event.target.value)}
          />
        )}
      </Field>
      <Button look="primary" type="submit" disabled={busy}>
        {t('trusted-keys.add.trust')}
      </Button>
    </form>
  )
}

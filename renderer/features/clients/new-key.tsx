import { type FormEvent, useState } from 'react'
import { keyScopePattern } from '../../../shared/domain/key-scope.ts'
import { useAction, useApi, useMirror } from '../../app/gatehouse-context.tsx'
import { useWords } from '../../app/words.tsx'
import { Button } from '../../ui/button.tsx'
import { Check, Field, Input, Select } from '../../ui/field.tsx'

interface NewKeyProps {
  readonly client: string
  readonly workspace: string
  readonly onIssued: (token: string) => void
}

const days = [30, 90, 365] as const

/** Makes a key, with what it is confined to. */
export function NewKey({ client, workspace, onIssued }: NewKeyProps) {
  const { t } = useWords()
  const api = useApi()
  const { busy, run } = useAction()
  const known = useMirror((mirror) => mirror.servers) ?? []
  const [valid, setValid] = useState<number>(90)
  const [read, setRead] = useState(false)
  const [servers, setServers] = useState<readonly string[]>([])
  const [tools, setTools] = useState('')
  const [calls, setCalls] = useState('')
  const wrong = tools !== '' && !keyScopePattern.test(`tools:${tools}`)
  const isNumber = calls === '' || /^\d{1,9}$/.test(calls)
  const make = async (event: FormEvent) => {
    event.preventDefault()
    const scopes = [
      ...(read ? ['read'] : []),
      ...servers.map((name) => `servers:${name}`),
      ...(tools === '' ? [] : [`tools:${tools}`]),
    ]
    const limits = calls === '' ? [] : [{ measure: 'calls' as const, per: 'hour' as const, most: Number(calls) }]
    await run(async () => onIssued((await api.clients.token({ name: client, days: valid, scopes, limits })).token))
  }
  const tick = (name: string, ticked: boolean) =>
    setServers(ticked ? [...servers, name] : servers.filter((one) => one !== name))
  return (
    <form onSubmit={make} className="space-y-4 border-t border-line pt-4">
      <h3 className="font-medium">{t('keys.new')}</h3>
      <div className="flex flex-wrap gap-4">
        <Field label={t('keys.days')}>
          {(ids) => (
            <Select {...ids} value={valid} onChange={(event) => setValid(Number(event.target.value))}>
              {days.map((one) => (
                <option key={one} value={one}>
                  {t(`keys.days.${one}`)}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Field label={t('keys.tools')} hint={t('keys.tools.hint')} error={wrong ? t('keys.tools.wrong') : undefined}>
          {(ids) => <Input {...ids} value={tools} maxLength={128} onChange={(event) => setTools(event.target.value)} />}
        </Field>
        <Field label={t('keys.calls')} hint={t('keys.calls.hint')}>
          {(ids) => (
            <Input
              {...ids}
              inputMode="numeric"
              value={calls}
              maxLength={9}
              className="w-32"
              onChange={(event) => setCalls(event.target.value)}
            />
          )}
        </Field>
      </div>
      <Check label={t('keys.read')} checked={read} onChange={setRead} />
      <fieldset>
        <legend className="mb-1 text-sm font-medium">{t('keys.servers')}</legend>
        <p className="mb-2 text-xs text-muted">{t('keys.servers.hint')}</p>
        <div className="flex flex-wrap gap-x-6 gap-y-2">
          {known
            .filter((server) => server.workspace === workspace)
            .map(({ name }) => (
              <Check
                key={name}
                label={name}
                checked={servers.includes(name)}
                onChange={(ticked) => tick(name, ticked)}
              />
            ))}
        </div>
      </fieldset>
      <Button type="submit" look="primary" disabled={busy || wrong || !isNumber}>
        {t('keys.make')}
      </Button>
    </form>
  )
}

import { UserRoundCog } from 'lucide-react'
import { useState } from 'react'
import type { WorkspaceName } from '../../../shared/domain/ids.ts'
import { isSystemRole } from '../../../shared/domain/role.ts'
import { useAction, useApi, useMirror, useReading } from '../../app/gatehouse-context.tsx'
import { ReadingView } from '../../app/reading-view.tsx'
import { useWords } from '../../app/words.tsx'
import { Button } from '../../ui/button.tsx'
import { Card, Section } from '../../ui/card.tsx'
import { ExactText } from '../../ui/exact-text.tsx'
import { Field, Select } from '../../ui/field.tsx'
import { Empty } from '../../ui/notice.tsx'
import { ClientSelect, WorkspaceSelect } from './catalog-fields.tsx'
import { OwnRoles, roleWords } from './own-roles.tsx'

/** What apps may do at all. */
export function RoleList() {
  const { t } = useWords()
  const api = useApi()
  const { busy, run } = useAction()
  const revision = useMirror((mirror) => mirror.revision.permissions)
  const reading = useReading((from) => from.permissions.roles(), revision)
  const [client, setClient] = useState('*')
  const [workspace, setWorkspace] = useState('')
  const [role, setRole] = useState('reader')
  const set = async () => {
    const where = workspace === '' ? {} : { workspace: workspace as WorkspaceName }
    if (await run(() => api.permissions.setRole({ client, role, ...where }), t('role.saved'))) reading.again()
  }
  const defined = reading.value?.defined ?? []
  return (
    <Section title={t('role.title')} hint={t('role.hint')}>
      <ReadingView reading={reading}>
        {({ roles }) =>
          roles.length === 0 ? (
            <Empty icon={<UserRoundCog />} title={t('role.none.title')}>
              {t('role.none.text')}
            </Empty>
          ) : (
            <Card>
              <ul className="divide-y divide-line/70">
                {roles.map((one) => (
                  <li key={one.id} className="flex flex-wrap items-center gap-4 px-5 py-3 text-sm">
                    <span className="min-w-60 flex-1">
                      <ExactText text={one.sentence} />
                    </span>
                    <Button
                      size="small"
                      disabled={busy}
                      aria-label={`${t('role.take')}: ${one.client}`}
                      onClick={() =>
                        void run(() => api.permissions.revoke({ id: one.id }), t('permissions.revoked')).then(
                          (done) => done && reading.again(),
                        )
                      }
                    >
                      {t('role.take')}
                    </Button>
                  </li>
                ))}
              </ul>
            </Card>
          )
        }
      </ReadingView>
      <Card className="mt-4 p-5">
        <div className="flex flex-wrap items-end gap-4">
          <ClientSelect client={client} onChange={setClient} any />
          <WorkspaceSelect workspace={workspace} onChange={setWorkspace} />
          <Field label={t('role.choose')}>
            {(ids) => (
              <Select {...ids} value={role} onChange={(event) => setRole(event.target.value)}>
                {defined.map(({ name }) => (
                  <option key={name} value={name}>
                    {isSystemRole(name) ? t(roleWords[name]) : name}
                  </option>
                ))}
              </Select>
            )}
          </Field>
          <Button disabled={busy} onClick={() => void set()}>
            {t('role.set')}
          </Button>
        </div>
      </Card>
      <OwnRoles defined={defined} onChange={reading.again} />
    </Section>
  )
}

import { useState } from 'react'
import type { z } from 'zod'
import type { definedRole } from '../../../shared/contract/rules.ts'
import { isSystemRole, parsePermission } from '../../../shared/domain/role.ts'
import { useAction, useApi } from '../../app/gatehouse-context.tsx'
import { useWords } from '../../app/words.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Field, Input, Select, TextArea } from '../../ui/field.tsx'
import { roleWords } from './own-roles.tsx'

type DefinedRole = z.output<typeof definedRole>

interface DefineRoleProps {
  readonly role: DefinedRole | undefined
  readonly defined: readonly DefinedRole[]
  readonly onClose: () => void
  readonly onDefined: () => void
}

/** A role of one's own: a name, permissions a line each, and the role it goes on from. */
export function DefineRole({ role, defined, onClose, onDefined }: DefineRoleProps) {
  const { t } = useWords()
  const api = useApi()
  const { busy, run } = useAction()
  const [name, setName] = useState(role?.name ?? '')
  const [inherits, setInherits] = useState(role?.inherits ?? '')
  const [lines, setLines] = useState(role?.permissions.join('\n') ?? '')
  const permissions = lines
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
  const wrong = permissions.find((text) => parsePermission(text) === undefined)
  const isNamed = /^[a-z][a-z0-9-]{0,39}$/.test(name)
  const title = role === undefined ? t('role.own.add') : t('role.own.change')
  const save = async () => {
    const draft = { name, permissions, ...(inherits === '' ? {} : { inherits }) }
    if (await run(() => api.permissions.defineRole(draft), t('role.saved'))) onDefined()
  }
  return (
    <Dialog
      title={title}
      description={t('role.own.text')}
      closeLabel={t('close')}
      onClose={onClose}
      footer={
        <>
          <Button look="quiet" onClick={onClose}>
            {t('cancel')}
          </Button>
          <Button look="primary" disabled={busy || !isNamed || wrong !== undefined} onClick={() => void save()}>
            {t('role.own.save')}
          </Button>
        </>
      }
    >
      <div className="space-y-5">
        <Field label={t('role.own.name')} hint={t('role.own.name.hint')}>
          {(ids) => (
            <Input
              {...ids}
              maxLength={40}
              readOnly={role !== undefined}
              value={name}
              onChange={({ target }) => setName(target.value)}
              className="font-mono"
            />
          )}
        </Field>
        <Field label={t('role.own.inherits')}>
          {(ids) => (
            <Select {...ids} value={inherits} onChange={({ target }) => setInherits(target.value)}>
              <option value="">{t('role.own.inherits.none')}</option>
              {defined
                .filter((one) => one.name !== role?.name)
                .map((one) => (
                  <option key={one.name} value={one.name}>
                    {isSystemRole(one.name) ? t(roleWords[one.name]) : one.name}
                  </option>
                ))}
            </Select>
          )}
        </Field>
        <Field
          label={t('role.own.permissions')}
          hint={t('role.own.permissions.hint')}
          error={wrong === undefined ? undefined : t('role.own.permissions.wrong', { text: wrong })}
        >
          {(ids) => (
            <TextArea
              {...ids}
              rows={5}
              value={lines}
              onChange={({ target }) => setLines(target.value)}
              className="w-full font-mono"
            />
          )}
        </Field>
      </div>
    </Dialog>
  )
}

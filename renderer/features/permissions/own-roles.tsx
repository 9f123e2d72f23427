import { Plus } from 'lucide-react'
import { useState } from 'react'
import type { z } from 'zod'
import type { definedRole } from '../../../shared/contract/rules.ts'
import type { SystemRole } from '../../../shared/domain/role.ts'
import { useAction, useApi } from '../../app/gatehouse-context.tsx'
import { useWords, type Word } from '../../app/words.tsx'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { DefineRole } from './define-role.tsx'

type DefinedRole = z.output<typeof definedRole>

export const roleWords = {
  full: 'role.full',
  operator: 'role.operator',
  reader: 'role.reader',
  none: 'role.nothing',
} as const satisfies Record<SystemRole, Word>

interface OwnRolesProps {
  readonly defined: readonly DefinedRole[]
  readonly onChange: () => void
}

/** Roles the person made: kept also while nobody has them. */
export function OwnRoles({ defined, onChange }: OwnRolesProps) {
  const { t } = useWords()
  const api = useApi()
  const { busy, run } = useAction()
  const [editing, setEditing] = useState<DefinedRole | 'new'>()
  const own = defined.filter(({ builtIn }) => !builtIn)
  const remove = async (name: string) => {
    if (await run(() => api.permissions.removeRole({ name }), t('role.own.removed'))) onChange()
  }
  return (
    <div className="mt-4">
      {own.length > 0 && (
        <Card className="mb-4">
          <ul aria-label={t('role.own')} className="divide-y divide-line/70">
            {own.map((role) => (
              <li key={role.name} className="flex flex-wrap items-center gap-4 px-5 py-3 text-sm">
                <span className="min-w-60 flex-1">
                  <span className="font-medium">{role.name}</span>
                  <span className="block text-muted">
                    {role.inherits !== undefined && `${t('role.own.inheriting', { role: role.inherits })} `}
                    <span className="font-mono text-xs break-words">{role.all.join(', ') || t('role.nothing')}</span>
                  </span>
                </span>
                <span className="text-xs text-muted">{t('role.own.holders', { count: role.holders })}</span>
                <Button
                  size="small"
                  look="quiet"
                  aria-label={`${t('role.own.change')}: ${role.name}`}
                  onClick={() => setEditing(role)}
                >
                  {t('role.own.change')}
                </Button>
                <Button
                  size="small"
                  disabled={busy}
                  aria-label={`${t('role.own.remove')}: ${role.name}`}
                  onClick={() => void remove(role.name)}
                >
                  {t('role.own.remove')}
                </Button>
              </li>
            ))}
          </ul>
        </Card>
      )}
      <Button icon={<Plus aria-hidden="true" className="size-4" />} onClick={() => setEditing('new')}>
        {t('role.own.add')}
      </Button>
      {editing !== undefined && (
        <DefineRole
          role={editing === 'new' ? undefined : editing}
          defined={defined}
          onClose={() => setEditing(undefined)}
          onDefined={() => {
            setEditing(undefined)
            onChange()
          }}
        />
      )}
    </div>
  )
}

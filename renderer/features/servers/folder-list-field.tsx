import { FolderPlus, X } from 'lucide-react'
import { useState } from 'react'
import type { z } from 'zod'
import type { allowedPath } from '../../../shared/contract/shapes.ts'
import { folderRights, rightsOf, usualFolderMs } from '../../../shared/domain/folder-rights.ts'
import { useWords } from '../../app/words.tsx'
import { Button, IconButton } from '../../ui/button.tsx'
import { Check, Input, Select } from '../../ui/field.tsx'

export type Folder = z.input<typeof allowedPath>

interface FolderListFieldProps {
  readonly folders: readonly Folder[]
  readonly onChange: (folders: readonly Folder[]) => void
  readonly empty: string
  /** Whether its server can be held to each right by itself: Gatehouse's own files server. */
  readonly rights?: boolean
}

/** Folders, what may be done in each, and until when. */
export function FolderListField({ folders, onChange, empty, rights = false }: FolderListFieldProps) {
  const { t } = useWords()
  const [path, setPath] = useState('')
  const add = () => {
    const added = path.trim()
    if (added && !folders.some((folder) => folder.path === added))
      onChange([...folders, { path: added, access: 'read' }])
    setPath('')
  }
  return (
    <div className="space-y-2">
      {folders.length === 0 && <p className="text-sm text-muted">{empty}</p>}
      <ul className="space-y-2">
        {folders.map((folder, place) => (
          <FolderRow
            key={folder.path}
            folder={folder}
            rights={rights}
            onChange={(next) => onChange(folders.with(place, next))}
            onRemove={() => onChange(folders.filter((one) => one !== folder))}
          />
        ))}
      </ul>
      <div className="flex gap-2">
        <Input
          aria-label={t('folders.path')}
          placeholder={t('folders.path')}
          value={path}
          onChange={(event) => setPath(event.target.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Enter') return
            event.preventDefault()
            add()
          }}
          className="font-mono"
        />
        <Button onClick={add} disabled={path.trim() === ''} icon={<FolderPlus aria-hidden="true" className="size-4" />}>
          {t('folders.add')}
        </Button>
      </div>
    </div>
  )
}

interface FolderRowProps {
  readonly folder: Folder
  readonly rights: boolean
  readonly onChange: (folder: Folder) => void
  readonly onRemove: () => void
}

function FolderRow({ folder, rights, onChange, onRemove }: FolderRowProps) {
  const { t } = useWords()
  const { path, access } = folder
  const choose = (chosen: string) =>
    onChange({ ...folder, access: chosen === 'read' || chosen === 'write' ? chosen : [...rightsOf(access)] })
  return (
    <li className="space-y-2">
      <div className="flex flex-wrap items-center gap-2">
        <code className="min-w-48 flex-1 rounded-lg border border-line bg-sunken px-3 py-1.5 font-mono text-xs break-all">
          {path}
        </code>
        <Select
          aria-label={t('folders.access', { path })}
          value={typeof access === 'string' ? access : 'some'}
          onChange={(event) => choose(event.target.value)}
          className="w-44 shrink-0"
        >
          <option value="read">{t('folders.read')}</option>
          <option value="write">{t('folders.write')}</option>
          {rights && <option value="some">{t('folders.some')}</option>}
        </Select>
        <FolderTime folder={folder} onChange={onChange} />
        <IconButton label={t('folders.remove', { path })} onClick={onRemove}>
          <X aria-hidden="true" className="size-4" />
        </IconButton>
      </div>
      {typeof access !== 'string' && (
        <fieldset className="flex flex-wrap gap-x-5 gap-y-2 pl-3">
          <legend className="sr-only">{t('folders.rights', { path })}</legend>
          {folderRights.map((right) => (
            <Check
              key={right}
              label={t(`folders.right.${right}`)}
              checked={access.includes(right)}
              onChange={(given) => {
                const next = folderRights.filter((one) => (one === right ? given : access.includes(one)))
                if (next.length > 0) onChange({ ...folder, access: next })
              }}
            />
          ))}
        </fieldset>
      )}
    </li>
  )
}

/** Always, for a day from now, or the end it has. */
function FolderTime({ folder, onChange }: Pick<FolderRowProps, 'folder' | 'onChange'>) {
  const { t, date } = useWords()
  const { until, ended, ...always } = folder
  const kept = until === undefined ? 'always' : 'kept'
  const choose = (chosen: string) => {
    if (chosen === 'always') onChange(always)
    if (chosen === 'day') onChange({ ...always, until: Date.now() + usualFolderMs })
  }
  return (
    <Select
      aria-label={t('folders.time', { path: folder.path })}
      value={kept}
      onChange={(event) => choose(event.target.value)}
      className="w-52 shrink-0"
    >
      <option value="always">{t('folders.always')}</option>
      {until !== undefined && (
        <option value="kept">{ended ? t('folders.ended') : t('folders.until', { time: date(until) })}</option>
      )}
      <option value="day">{t('folders.day')}</option>
    </Select>
  )
}

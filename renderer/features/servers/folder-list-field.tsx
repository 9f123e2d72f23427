import { FolderPlus, X } from 'lucide-react'
import { useState } from 'react'
import { useWords } from '../../app/words.tsx'
import { Button, IconButton } from '../../ui/button.tsx'
import { Input, Select } from '../../ui/field.tsx'

export interface Folder {
  readonly path: string
  readonly access: 'read' | 'write'
}

interface FolderListFieldProps {
  readonly folders: readonly Folder[]
  readonly onChange: (folders: readonly Folder[]) => void
  readonly empty: string
}

/** Folders and whether they may be read or also changed. */
export function FolderListField({ folders, onChange, empty }: FolderListFieldProps) {
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
          <li key={folder.path} className="flex items-center gap-2">
            <code className="min-w-0 flex-1 rounded-lg border border-line bg-sunken px-3 py-1.5 font-mono text-xs break-all">
              {folder.path}
            </code>
            <Select
              aria-label={t('folders.access', { path: folder.path })}
              value={folder.access}
              onChange={(event) =>
                onChange(folders.with(place, { ...folder, access: event.target.value as Folder['access'] }))
              }
              className="w-48 shrink-0"
            >
              <option value="read">{t('folders.read')}</option>
              <option value="write">{t('folders.write')}</option>
            </Select>
            <IconButton
              label={t('folders.remove', { path: folder.path })}
              onClick={() => onChange(folders.filter((one) => one !== folder))}
            >
              <X aria-hidden="true" className="size-4" />
            </IconButton>
          </li>
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

import type { FileChange } from '../../../shared/contract/apps.ts'
import { useWords } from '../../app/words.tsx'
import { type DiffLine, DiffView } from '../../ui/diff-view.tsx'
import { ExactText } from '../../ui/exact-text.tsx'

/** A file's name and what changes in it. */
export function DiffOfFile({ change: { diff, file, creates } }: { change: FileChange }) {
  const { t } = useWords()
  return (
    <div>
      <p className="mb-2 text-sm break-all">
        {t(creates ? 'apps.file.new' : 'apps.file')}{' '}
        <span className="font-mono text-xs">
          <ExactText text={file} />
        </span>
      </p>
      <DiffView lines={diffLines(diff)} label={t('apps.diff')} />
      <p className="mt-2 text-xs text-muted">{t('apps.diff.hint')}</p>
    </div>
  )
}

/** The lines of a unified diff without its head. */
export function diffLines(diff: string): DiffLine[] {
  const kinds: Readonly<Record<string, DiffLine['kind']>> = { '+': 'added', '-': 'removed', ' ': 'same' }
  return diff
    .split('\n')
    .slice(2)
    .filter((line) => !/^@@ -[01],/.test(line))
    .map((line) => {
      const kind = kinds[line[0] ?? '']
      return kind ? { kind, text: line.slice(1) } : { kind: 'same', text: line.startsWith('@@') ? '⋯' : line }
    })
}

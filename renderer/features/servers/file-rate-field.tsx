import { mostOperationsPerSecond, usualOperationsPerSecond } from '../../../shared/domain/folder-rights.ts'
import { useWords } from '../../app/words.tsx'
import { Field, Input } from '../../ui/field.tsx'

/** What was typed as a number of file operations: nothing for the usual one, undefined when it is none. */
export function fileRateOf(typed: string): number | null | undefined {
  const said = typed.trim()
  if (said === '') return null
  const rate = Number(said)
  return /^\d{1,7}$/.test(said) && rate >= 1 && rate <= mostOperationsPerSecond ? rate : undefined
}

/** How much Gatehouse's own files server does in a second. */
export function FileRateField({ typed, onChange }: { typed: string; onChange: (typed: string) => void }) {
  const { t } = useWords()
  const isRate = fileRateOf(typed) !== undefined
  return (
    <div className="mt-4 max-w-72">
      <Field
        label={t('folders.rate')}
        hint={t('folders.rate.hint', { usual: usualOperationsPerSecond })}
        error={isRate ? undefined : t('folders.rate.problem', { most: mostOperationsPerSecond })}
      >
        {(ids) => (
          <Input {...ids} inputMode="numeric" value={typed} onChange={(event) => onChange(event.target.value)} />
        )}
      </Field>
    </div>
  )
}

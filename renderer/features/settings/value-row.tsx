import { type FormEvent, type ReactNode, useId, useState } from 'react'
import { sentenceOf } from '../../app/gatehouse-context.tsx'
import { useWords } from '../../app/words.tsx'
import { Button } from '../../ui/button.tsx'
import { Input, Select } from '../../ui/field.tsx'
import { draftOf, type Range } from './setting-draft.ts'
import { SettingRow } from './setting-row.tsx'

export type Value = number | string
interface ValueRowProps extends Range {
  readonly name: string
  readonly text: string
  readonly anchor?: string
  readonly value: Value | undefined
  readonly unit?: string | undefined
  readonly choices?: readonly { readonly value: string; readonly label: string }[]
  readonly disabled?: boolean
  /** Offered when there is something to put back. */
  readonly reset?: string | undefined
  readonly notes?: ReactNode
  /** `null`: put it back. */
  readonly onSave: (value: Value | null) => Promise<unknown>
}

/**
 * A setting with a value. What is typed stays until it is saved or given up: what is wrong with it, or why main refused it,
 * is said beside it.
 */
export function ValueRow(props: ValueRowProps) {
  const { name, text, anchor, value, unit, choices, disabled, reset, notes, onSave, kind } = props
  const { t } = useWords()
  const [typed, setTyped] = useState<string>()
  const [refused, setRefused] = useState<string>()
  const [busy, setBusy] = useState(false)
  const errorId = useId()
  const shown = typed ?? String(value ?? '')
  const changed = typed !== undefined && typed !== String(value ?? '')
  const draft = draftOf(shown, props)
  const problem = changed && 'problem' in draft ? t(`settings.bad.${draft.problem}`, rangeOf(props)) : refused
  const save = async (next: Value | null) => {
    setBusy(true)
    setRefused(undefined)
    try {
      await onSave(next)
      setTyped(undefined)
    } catch (failure) {
      setRefused(sentenceOf(failure, t))
    } finally {
      setBusy(false)
    }
  }
  const type = (next: string | undefined) => {
    setRefused(undefined)
    setTyped(next)
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (changed && 'value' in draft) void save(draft.value)
  }
  const described = (textId: string) => (problem ? `${textId} ${errorId}` : textId)
  return (
    <SettingRow name={name} text={text} notes={notes} {...(anchor ? { anchor } : {})}>
      {({ labelId, textId }) => {
        const ids = {
          'aria-labelledby': labelId,
          'aria-describedby': described(textId),
          'aria-invalid': problem ? true : undefined,
          disabled: disabled || busy,
        }
        return (
          <form onSubmit={submit} noValidate>
            <div className="flex flex-wrap items-center gap-2">
              {kind === 'choice' ? (
                <Select {...ids} value={shown} className="w-full" onChange={(event) => void save(event.target.value)}>
                  {choices?.map((one) => (
                    <option key={one.value} value={one.value}>
                      {one.label}
                    </option>
                  ))}
                </Select>
              ) : (
                <Input
                  {...ids}
                  value={shown}
                  inputMode={kind === 'number' ? 'numeric' : 'text'}
                  maxLength={kind === 'number' ? 16 : 2048}
                  className={kind === 'number' ? 'w-32 text-right tabular-nums' : 'w-full'}
                  onChange={(event) => type(event.target.value)}
                  onKeyDown={(event) => {
                    if (event.key === 'Escape' && changed) type(undefined)
                  }}
                />
              )}
              {unit && <span className="text-sm text-muted">{unit}</span>}
            </div>
            {problem && (
              <p id={errorId} role="alert" className="mt-1 text-xs break-words text-danger">
                {problem}
              </p>
            )}
            <div className="mt-2 flex flex-wrap gap-2 empty:hidden">
              {changed && (
                <>
                  <Button
                    type="submit"
                    look="primary"
                    size="small"
                    disabled={busy || 'problem' in draft}
                    aria-label={t('settings.save.label', { setting: name })}
                  >
                    {t('save')}
                  </Button>
                  <Button size="small" look="quiet" onClick={() => type(undefined)}>
                    {t('cancel')}
                  </Button>
                </>
              )}
              {!changed && reset && !disabled && (
                <Button
                  size="small"
                  look="quiet"
                  disabled={busy}
                  className="-ml-2.5"
                  aria-label={t('settings.reset.label', { setting: name })}
                  onClick={() => void save(null)}
                >
                  {reset}
                </Button>
              )}
            </div>
          </form>
        )
      }}
    </SettingRow>
  )
}

const rangeOf = ({ least, most }: Range) => ({ least: least ?? '', most: most ?? '' })

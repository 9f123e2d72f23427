import { useState } from 'react'
import {
  type Direction,
  directions,
  type FilterAction,
  filterActions,
  filterSeverities,
  longestOwnWord,
  type OwnWordDraft,
  ownWordKinds,
} from '../../../shared/domain/filters.ts'
import { useAction, useApi } from '../../app/gatehouse-context.tsx'
import { useWords } from '../../app/words.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Field, Input, Select } from '../../ui/field.tsx'

const empty: OwnWordDraft = { name: '', kind: 'word', value: '', severity: 'warning', call: 'block', reply: 'redact' }

interface AddOwnWordProps {
  readonly onClose: () => void
  readonly onAdded: () => void
}

/** A word or pattern to look for, and what happens in each direction. */
export function AddOwnWord({ onClose, onAdded }: AddOwnWordProps) {
  const { t } = useWords()
  const api = useApi()
  const { busy, run } = useAction()
  const [draft, setDraft] = useState(empty)
  const change = (part: Partial<OwnWordDraft>) => setDraft((before) => ({ ...before, ...part }))
  const save = async () => {
    if (await run(() => api.filters.addWord(draft), t('filters.words.added'))) onAdded()
  }
  const isReady = draft.name.trim() !== '' && draft.value.trim().length >= 2
  return (
    <Dialog
      title={t('filters.words.add')}
      description={t('filters.words.hint')}
      closeLabel={t('close')}
      onClose={onClose}
      footer={
        <>
          <Button look="quiet" onClick={onClose}>
            {t('cancel')}
          </Button>
          <Button look="primary" disabled={busy || !isReady} onClick={() => void save()}>
            {t('filters.words.add')}
          </Button>
        </>
      }
    >
      <div className="space-y-5">
        <Field label={t('filters.words.name')} hint={t('filters.words.name.hint')}>
          {(ids) => (
            <Input
              {...ids}
              maxLength={60}
              value={draft.name}
              onChange={({ target }) => change({ name: target.value })}
            />
          )}
        </Field>
        <Field label={t('filters.words.kind')}>
          {(ids) => (
            <Select
              {...ids}
              value={draft.kind}
              onChange={({ target }) => change({ kind: target.value as OwnWordDraft['kind'] })}
            >
              {ownWordKinds.map((kind) => (
                <option key={kind} value={kind}>
                  {t(`filters.words.kind.${kind}`)}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Field label={t('filters.words.value')} hint={t(`filters.words.value.hint.${draft.kind}`)}>
          {(ids) => (
            <Input
              {...ids}
              maxLength={longestOwnWord}
              autoComplete="off"
              spellCheck={false}
              value={draft.value}
              onChange={({ target }) => change({ value: target.value })}
              className="font-mono"
            />
          )}
        </Field>
        <Field label={t('column.severity')}>
          {(ids) => (
            <Select
              {...ids}
              value={draft.severity}
              onChange={({ target }) => change({ severity: target.value as OwnWordDraft['severity'] })}
            >
              {filterSeverities.map((severity) => (
                <option key={severity} value={severity}>
                  {t(`filters.severity.${severity}`)}
                </option>
              ))}
            </Select>
          )}
        </Field>
        {directions.map((direction) => (
          <ActionField
            key={direction}
            direction={direction}
            action={draft[direction]}
            onChange={(action) => change({ [direction]: action })}
          />
        ))}
      </div>
    </Dialog>
  )
}

interface ActionFieldProps {
  readonly direction: Direction
  readonly action: FilterAction
  readonly onChange: (action: FilterAction) => void
}

function ActionField({ direction, action, onChange }: ActionFieldProps) {
  const { t } = useWords()
  return (
    <Field label={t(`filters.column.${direction}`)}>
      {(ids) => (
        <Select {...ids} value={action} onChange={({ target }) => onChange(target.value as FilterAction)}>
          {filterActions.map((one) => (
            <option key={one} value={one}>
              {t(`filters.action.${one}`)}
            </option>
          ))}
        </Select>
      )}
    </Field>
  )
}

import type { Setting } from '../../../shared/contract/config.ts'
import { useAction, useApi } from '../../app/gatehouse-context.tsx'
import { useWords, type Word } from '../../app/words.tsx'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { Notice } from '../../ui/notice.tsx'
import { unitOf } from './setting-draft.ts'
import { type Value, ValueRow } from './value-row.tsx'

export const nameWord = (path: string) => `config.${path}` as Word
export const textWord = (path: string) => `config.${path}.text` as Word

/** One setting of `main/config`. */
export function ConfigRow({ setting, onSet }: { setting: Setting; onSet: () => void }) {
  const { t } = useWords()
  const api = useApi()
  const { path, kind, least, most, choices, value, editable, from } = setting
  const unit = unitOf(path)
  const save = async (next: Value | null) => {
    await api.config.set({ path, value: next })
    onSet()
  }
  return (
    <ValueRow
      anchor={path}
      name={t(nameWord(path))}
      text={t(textWord(path))}
      kind={kind}
      least={least}
      most={most}
      value={value ?? ''}
      unit={unit && t(`settings.unit.${unit}`)}
      choices={choices?.map((one) => ({ value: one, label: t(`config.${path}.${one}` as Word) })) ?? []}
      disabled={!editable}
      reset={from === 'person' ? t('settings.reset') : undefined}
      notes={<Notes setting={setting} onUse={save} />}
      onSave={save}
    />
  )
}

function Notes({ setting, onUse }: { setting: Setting; onUse: (value: number) => Promise<void> }) {
  const { t } = useWords()
  const { busy, run } = useAction()
  const { path, default: usual, value, now, from, withheld, widens, editable } = setting
  const unit = unitOf(path)
  const shown = (one: Value | undefined) => {
    if (setting.kind === 'choice') return t(`config.${path}.${one}` as Word)
    return `${one ?? t('none')}${unit ? ` ${t(`settings.unit.${unit}`)}` : ''}`
  }
  return (
    <>
      <p className="mt-2 flex flex-wrap items-center gap-x-3 gap-y-1 text-xs text-muted">
        <span>{usual === undefined ? t('settings.default.none') : t('settings.default', { value: shown(usual) })}</span>
        {from !== 'default' && <Badge tone="accent">{t(`settings.from.${from}`)}</Badge>}
        {now !== value && <Badge tone="warn">{t('settings.waits', { value: shown(now) })}</Badge>}
        {widens && <span>{t('settings.widens')}</span>}
        {!editable && <span>{t('settings.fixed')}</span>}
      </p>
      {withheld !== undefined && (
        <div className="mt-3">
          <Notice
            tone="warn"
            action={
              <Button size="small" disabled={busy} onClick={() => void run(() => onUse(withheld))}>
                {t('settings.withheld.use', { value: withheld })}
              </Button>
            }
          >
            {t('settings.withheld', { value: withheld })}
          </Notice>
        </div>
      )}
    </>
  )
}

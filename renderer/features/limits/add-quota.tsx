import { type FormEvent, useState } from 'react'
import { type QuotaMeasure, type QuotaPeriod, quotaMeasures, quotaPeriods } from '../../../shared/domain/quota.ts'
import { useAction, useApi } from '../../app/gatehouse-context.tsx'
import { useWords } from '../../app/words.tsx'
import { Button } from '../../ui/button.tsx'
import { Field, Input, Select } from '../../ui/field.tsx'
import type { QuotaHolder } from './quota-list.tsx'

/** Sets a limit, or another number for one that is set. */
export function AddQuota({ holder, name, onSet }: QuotaHolder & { onSet: () => void }) {
  const { t } = useWords()
  const api = useApi()
  const { busy, run } = useAction()
  const [most, setMost] = useState('')
  const [measure, setMeasure] = useState<QuotaMeasure>('calls')
  const [per, setPer] = useState<QuotaPeriod>('hour')
  const isNumber = /^\d{1,15}$/.test(most)
  const set = async (event: FormEvent) => {
    event.preventDefault()
    if (!isNumber) return
    if (!(await run(() => api.limits.set({ holder, name, measure, per, most: Number(most) }), t('saved')))) return
    setMost('')
    onSet()
  }
  return (
    <form onSubmit={set} className="flex flex-wrap items-end gap-3">
      <Field label={t('limits.most')}>
        {(ids) => (
          <Input
            {...ids}
            inputMode="numeric"
            value={most}
            maxLength={15}
            className="w-32"
            onChange={(event) => setMost(event.target.value)}
          />
        )}
      </Field>
      <Field label={t('limits.measure')}>
        {(ids) => (
          <Select {...ids} value={measure} onChange={(event) => setMeasure(event.target.value as QuotaMeasure)}>
            {quotaMeasures.map((one) => (
              <option key={one} value={one}>
                {t(`limits.measure.${one}`)}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Field label={t('limits.per')}>
        {(ids) => (
          <Select {...ids} value={per} onChange={(event) => setPer(event.target.value as QuotaPeriod)}>
            {quotaPeriods.map((one) => (
              <option key={one} value={one}>
                {t(`limits.per.${one}`)}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Button type="submit" disabled={busy || !isNumber}>
        {t('limits.set')}
      </Button>
    </form>
  )
}

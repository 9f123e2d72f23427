import type { z } from 'zod'
import type { useQuota } from '../../../shared/contract/limits.ts'
import { useAction, useApi, useReading } from '../../app/gatehouse-context.tsx'
import { ReadingView } from '../../app/reading-view.tsx'
import { useWords } from '../../app/words.tsx'
import { Button } from '../../ui/button.tsx'
import { AddQuota } from './add-quota.tsx'

type Quota = z.output<typeof useQuota>
export interface QuotaHolder {
  readonly holder: 'client' | 'server' | 'key'
  readonly name: string
}

/** How much one app or server may use, how much of it is used, and a way to set another limit. */
export function QuotaList({ holder, name }: QuotaHolder) {
  const { t } = useWords()
  const reading = useReading((api) => api.limits.list(), `${holder} ${name}`)
  return (
    <div className="space-y-4">
      <ReadingView reading={reading}>
        {({ quotas }) => {
          const own = quotas.filter((quota) => quota.holder === holder && quota.name === name)
          if (own.length === 0) return <p className="text-sm text-muted">{t('limits.none')}</p>
          return (
            <ul className="divide-y divide-line/70 text-sm">
              {own.map((quota) => (
                <QuotaRow key={`${quota.measure} ${quota.per}`} quota={quota} onChanged={reading.again} />
              ))}
            </ul>
          )
        }}
      </ReadingView>
      <AddQuota holder={holder} name={name} onSet={reading.again} />
    </div>
  )
}

function QuotaRow({ quota, onChanged }: { quota: Quota; onChanged: () => void }) {
  const { t, when, language } = useWords()
  const api = useApi()
  const { busy, run } = useAction()
  const number = new Intl.NumberFormat(language, { maximumFractionDigits: 0 })
  const { holder, name, measure: counted, per: period, most, used, refillsAt } = quota
  const [measure, per] = [t(`limits.measure.${counted}`), t(`limits.per.${period}`)]
  const remove = async () => {
    const which = { holder, name, measure: counted, per: period }
    const back = async () => {
      await api.limits.set({ ...which, most })
      onChanged()
    }
    if (await run(() => api.limits.remove(which), t('limits.removed', { measure, per }), back)) onChanged()
  }
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-1 py-2">
      <span className="min-w-0 flex-1">
        <span className="font-medium">
          {measure} · {per}
        </span>{' '}
        <span className="text-muted">
          {t('limits.used', { used: number.format(used), most: number.format(most) })}
          {refillsAt !== undefined && `, ${t('limits.refills', { time: when(refillsAt) })}`}
        </span>
      </span>
      <Button
        size="small"
        disabled={busy}
        aria-label={t('limits.remove.label', { measure, per })}
        onClick={() => void remove()}
      >
        {t('remove')}
      </Button>
    </li>
  )
}

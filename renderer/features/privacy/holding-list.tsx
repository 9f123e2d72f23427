import { SearchX } from 'lucide-react'
import type { Holding } from '../../../shared/contract/privacy.ts'
import { useWords } from '../../app/words.tsx'
import { Badge } from '../../ui/badge.tsx'
import { ExactText } from '../../ui/exact-text.tsx'
import { Empty, Notice } from '../../ui/notice.tsx'
import { termsIn } from './privacy-terms.ts'

/** What is kept of the person: where, since when, why, how long, and what of it would stay. */
export function HoldingList({ holding }: { holding: Holding }) {
  const { t } = useWords()
  const { stores, total, unsearched, before } = holding
  return (
    <div className="space-y-4">
      {total === 0 ? (
        <Empty icon={<SearchX />} title={t('privacy.nothing')}>
          {t('privacy.nothing.text')}
        </Empty>
      ) : (
        <p role="status" className="text-sm font-medium">
          {t('privacy.found', { count: total })}
        </p>
      )}
      {before.length > 0 && <Notice>{t('privacy.before', { count: before.length })}</Notice>}
      <ul className="space-y-3">
        {stores.map((one) => (
          <StoreHolding key={one.store} holding={one} />
        ))}
      </ul>
      {unsearched.length > 0 && <LeftList title={t('privacy.unsearched')} left={unsearched} />}
    </div>
  )
}

function StoreHolding({ holding }: { holding: Holding['stores'][number] }) {
  const { t, date, language } = useWords()
  const { store, count, since, until, kept, items } = holding
  const { name, why, retention } = termsIn(language).privacyStores[store]
  return (
    <li className="rounded-xl border border-line px-4 py-3">
      <h3 className="flex flex-wrap items-center gap-2 text-sm font-semibold">
        {name} <Badge>{count}</Badge>
        {kept > 0 && <Badge tone="warn">{t('privacy.stay', { count: kept })}</Badge>}
      </h3>
      <p className="mt-1 text-xs text-muted">
        {why} {retention}
        {since !== undefined && until !== undefined && (
          <> {t('privacy.since', { since: date(since), until: date(until) })}.</>
        )}
      </p>
      <details className="mt-2">
        <summary className="cursor-pointer text-xs font-medium">{t('privacy.items', { store: name })}</summary>
        <ul className="mt-2 max-h-56 space-y-1.5 overflow-y-auto text-xs">
          {items.map((item, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a place may be named several times, and the list never changes
            <li key={at} className="break-words">
              <span className="font-medium">
                <ExactText text={item.where} />
              </span>{' '}
              <span className="text-muted">
                {item.excerpt === '' ? t('privacy.belongs') : <ExactText text={item.excerpt} />}
              </span>
            </li>
          ))}
          {count > items.length && <li className="text-muted">{t('privacy.more', { count: count - items.length })}</li>}
        </ul>
      </details>
    </li>
  )
}

type Left = Holding['unsearched'][number]
interface LeftListProps {
  readonly title: string
  readonly left: readonly Left[]
  /** Where there is more than `left` names. */
  readonly counts?: readonly { readonly why: Left['why']; readonly count: number }[]
}
/** Places that are named for a reason. */
const mostNamed = 20

/** What stays or could not be looked into, with the reason and what to do. */
export function LeftList({ title, left, counts = left.map(({ why }) => ({ why, count: 1 })) }: LeftListProps) {
  const { t, language } = useWords()
  const { keptWords } = termsIn(language)
  const byReason = [...Map.groupBy(counts, ({ why }) => why)].map(([why, of]) => {
    const places = left.filter((one) => one.why === why).map(({ where }) => where)
    const named = [...new Set(places)].slice(0, mostNamed)
    const total = of.reduce((sum, { count }) => sum + count, 0)
    return { why, named, more: total - places.filter((where) => named.includes(where)).length }
  })
  return (
    <section aria-label={title}>
      <h3 className="mb-1.5 text-sm font-semibold">{title}</h3>
      <ul className="space-y-2 text-sm">
        {byReason.map(({ why, named, more }) => (
          <li key={why}>
            {keptWords[why]}
            <ul className="mt-0.5 list-disc pl-5 font-mono text-xs break-all text-muted">
              {named.map((where) => (
                <li key={where}>
                  <ExactText text={where} />
                </li>
              ))}
              {more > 0 && <li className="font-sans">{t('privacy.kept.more', { count: more })}</li>}
            </ul>
          </li>
        ))}
      </ul>
    </section>
  )
}

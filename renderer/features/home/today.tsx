import type { ReactNode } from 'react'
import type { GatehouseApi } from '../../../shared/contract/contract.ts'
import { useReading } from '../../app/gatehouse-context.tsx'
import { ReadingView } from '../../app/reading-view.tsx'
import { routeTo } from '../../app/route.ts'
import { useTick } from '../../app/use-tick.ts'
import { useWords } from '../../app/words.tsx'
import { Card, Section } from '../../ui/card.tsx'
import { ExactText } from '../../ui/exact-text.tsx'

const everyMs = 15_000

/** What happened since midnight: tool calls by what became of them, by whom, and what in the log is out of the ordinary. */
export function Today() {
  const { t } = useWords()
  const tick = useTick(everyMs)
  const since = midnight()
  const reading = useReading((api) => readToday(api, since), `${since} ${tick}`)
  return (
    <Section
      title={t('home.today')}
      actions={
        <a href={routeTo('audit')} className="text-sm font-medium text-accent underline underline-offset-4">
          {t('home.today.log')}
        </a>
      }
    >
      <ReadingView reading={reading}>{(day) => <Day {...day} />}</ReadingView>
    </Section>
  )
}

async function readToday(api: GatehouseApi, since: number) {
  const [calls, all] = await Promise.all([
    api.audit.facets({ since, action: 'tools/call' }),
    api.audit.facets({ since }),
  ])
  const counted = (counts: readonly { value: string; count: number }[], ...values: readonly string[]) =>
    counts.reduce((sum, { value, count }) => (values.includes(value) ? sum + count : sum), 0)
  return {
    made: counted(calls.facets.decision, 'allow'),
    refused: counted(calls.facets.decision, 'deny'),
    minded: counted(all.facets.severity, 'warning', 'critical'),
    clients: calls.facets.client,
    exact: calls.exact && all.exact,
  }
}

function Day({ made, refused, minded, clients, exact }: Awaited<ReturnType<typeof readToday>>) {
  const { t, language } = useWords()
  const number = new Intl.NumberFormat(language)
  const shown = (count: number) => `${number.format(count)}${exact ? '' : '+'}`
  const names = clients.map(({ value, count }) => `${value} (${number.format(count)})`)
  if (names.length === 0 && minded === 0)
    return <Card className="px-5 py-4 text-sm text-muted">{t('home.today.none')}</Card>
  return (
    <Card className="px-5 py-4">
      <dl className="flex flex-wrap gap-x-10 gap-y-3">
        <Figure count={shown(made)}>{t('home.today.made', { count: made })}</Figure>
        <Figure count={shown(refused)}>{t('home.today.refused', { count: refused })}</Figure>
        <Figure count={shown(minded)}>{t('home.today.minded', { count: minded })}</Figure>
      </dl>
      <p className="mt-3 text-sm break-words text-muted">
        {names.length === 0 ? (
          t('home.today.none')
        ) : (
          <ExactText text={t('home.today.by', { names: new Intl.ListFormat(language).format(names) })} />
        )}
      </p>
    </Card>
  )
}

function Figure({ count, children }: { count: string; children: ReactNode }) {
  return (
    <div className="flex flex-col-reverse">
      <dt className="text-sm text-muted">{children}</dt>
      <dd className="font-serif text-2xl font-semibold tabular-nums">{count}</dd>
    </div>
  )
}

/** The last one here, as milliseconds since 1970. */
const midnight = () => new Date().setHours(0, 0, 0, 0)

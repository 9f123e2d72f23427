import { useState } from 'react'
import { useMirror, useReading } from '../../app/gatehouse-context.tsx'
import { useWords } from '../../app/words.tsx'
import { Button } from '../../ui/button.tsx'
import { Card, Section } from '../../ui/card.tsx'
import { ExactText } from '../../ui/exact-text.tsx'
import { RuleDialog } from '../permissions/add-rule.tsx'

/** Questions always answered the same way that no rule answers yet. Shown only where there are some. */
export function SameAnswers() {
  const { t } = useWords()
  const { approvals, permissions } = useMirror((mirror) => mirror.revision)
  const { value } = useReading((api) => api.approvals.stats({ limit: 2000 }), `${approvals} ${permissions}`)
  const [about, setAbout] = useState<{ client: string; tool: string; answer: 'allow' | 'deny' }>()
  const same = value?.same ?? []
  if (same.length === 0) return null
  return (
    <Section title={t('stats.title')} hint={t('stats.hint')}>
      <Card>
        <ul className="divide-y divide-line/70">
          {same.map((one) => (
            <li key={`${one.client} ${one.tool}`} className="flex flex-wrap items-center gap-4 px-5 py-3 text-sm">
              <span className="min-w-60 flex-1">
                <ExactText text={t(`stats.${one.answer}`, { client: one.client, tool: one.tool, count: one.count })} />
              </span>
              <Button
                size="small"
                aria-label={`${t('stats.rule')}: ${one.client} ${one.tool}`}
                onClick={() => setAbout(one)}
              >
                {t('stats.rule')}
              </Button>
            </li>
          ))}
        </ul>
      </Card>
      {about && (
        <RuleDialog
          start={{ client: about.client, tool: about.tool, effect: about.answer }}
          onClose={() => setAbout(undefined)}
          onAdded={() => setAbout(undefined)}
        />
      )}
    </Section>
  )
}

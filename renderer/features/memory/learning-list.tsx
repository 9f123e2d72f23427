import { GraduationCap } from 'lucide-react'
import { useAction, useApi, useMirror, useReading } from '../../app/gatehouse-context.tsx'
import { ReadingView } from '../../app/reading-view.tsx'
import { useWords } from '../../app/words.tsx'
import { Card, Section } from '../../ui/card.tsx'
import { Check } from '../../ui/field.tsx'
import { Empty } from '../../ui/notice.tsx'

/** Which apps may have the memory learn from what is said in them: none, until the person allows it for one. */
export function LearningList() {
  const { t } = useWords()
  const api = useApi()
  const { busy, run } = useAction()
  const revision = useMirror((mirror) => mirror.revision.clients)
  const reading = useReading(async (from) => {
    const [{ clients }, learning] = await Promise.all([from.clients.list(), from.memory.learning()])
    return { names: clients.filter(({ state }) => state !== 'revoked').map(({ name }) => name), on: learning.clients }
  }, revision)
  const change = (client: string, on: boolean) =>
    void run(
      () => api.memory.setLearning({ client, on }),
      t(on ? 'memory.learning.on' : 'memory.learning.off', { client }),
    ).then(reading.again)
  return (
    <Section title={t('memory.learning')} hint={t('memory.learning.text')}>
      <ReadingView reading={reading}>
        {({ names, on }) =>
          names.length === 0 ? (
            <Empty icon={<GraduationCap />} title={t('memory.learning.none')}>
              {t('memory.learning.none.text')}
            </Empty>
          ) : (
            <Card>
              <ul className="divide-y divide-line/70">
                {names.map((name) => (
                  <li key={name} className="px-5 py-3">
                    <fieldset disabled={busy}>
                      <Check
                        checked={on.includes(name)}
                        label={t('memory.learning.from', { client: name })}
                        onChange={(wanted) => change(name, wanted)}
                      />
                    </fieldset>
                  </li>
                ))}
              </ul>
            </Card>
          )
        }
      </ReadingView>
    </Section>
  )
}

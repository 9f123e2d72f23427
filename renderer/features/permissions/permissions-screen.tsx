import { lazy, Suspense, useState } from 'react'
import { useMirror, useReading } from '../../app/gatehouse-context.tsx'
import { ReadingView } from '../../app/reading-view.tsx'
import { useWords } from '../../app/words.tsx'
import { Card, Section } from '../../ui/card.tsx'
import { Loading } from '../../ui/notice.tsx'
import { Page } from '../../ui/page.tsx'
import { AddRule } from './add-rule.tsx'
import { EffectBadge } from './effect-badge.tsx'
import { FoldersEditor } from './folders-editor.tsx'
import { GrantList } from './grant-list.tsx'
import { PresetChoice } from './preset-choice.tsx'
import { RoleList } from './role-list.tsx'
import { RuleTester, type Tested } from './rule-tester.tsx'

const MatrixView = lazy(async () => ({ default: (await import('./matrix-view.tsx')).MatrixView }))

/** What AI apps may do: folders, the person's own rules and remembered answers, and what holds otherwise. */
export function PermissionsScreen({ selected }: { selected: string | undefined }) {
  const { t } = useWords()
  const revision = useMirror((mirror) => mirror.revision.permissions)
  const [tested, setTested] = useState<Tested>()
  const reading = useReading((api) => api.permissions.list(), revision)
  return (
    <Page title={t('nav.permissions')} lead={t('permissions.lead')}>
      <Section title={t('permissions.folders')} hint={t('permissions.folders.hint')}>
        <FoldersEditor />
      </Section>
      <PresetChoice />
      <Section
        title={t('permissions.rules')}
        hint={t('permissions.rules.hint')}
        actions={<AddRule onAdded={reading.again} />}
      >
        <ReadingView reading={reading}>
          {({ grants, conflicts }) => (
            <GrantList grants={grants} conflicts={conflicts} selected={selected} onRevoked={reading.again} />
          )}
        </ReadingView>
      </Section>
      <RoleList />
      <Section title={t('permissions.defaults')} hint={t('permissions.defaults.hint')}>
        <ReadingView reading={reading}>
          {({ defaults }) => (
            <Card>
              <ul className="divide-y divide-line/70">
                {defaults.map((rule) => (
                  <li key={rule.id} className="px-5 py-3">
                    <details>
                      <summary className="flex list-none items-center gap-4">
                        <span className="w-24 shrink-0">
                          <EffectBadge effect={rule.effect} />
                        </span>
                        <span className="flex-1 text-sm">{rule.sentence}</span>
                        <span className="text-xs text-muted underline underline-offset-4">
                          {t('permissions.source')}
                        </span>
                      </summary>
                      <pre className="mt-2 overflow-x-auto rounded-lg bg-sunken p-3 font-mono text-xs whitespace-pre-wrap">
                        {rule.cedar}
                      </pre>
                    </details>
                  </li>
                ))}
              </ul>
            </Card>
          )}
        </ReadingView>
      </Section>
      <Section title={t('matrix.title')} hint={t('matrix.hint')}>
        <Suspense fallback={<Loading label={t('loading')} />}>
          <MatrixView onPick={(client, tool) => setTested({ client, tool })} />
        </Suspense>
      </Section>
      <Section title={t('permissions.test')} hint={t('permissions.test.hint')}>
        <RuleTester key={`${tested?.client} ${tested?.tool}`} begin={tested} />
      </Section>
    </Page>
  )
}

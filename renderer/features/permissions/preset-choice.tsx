import { useState } from 'react'
import type { z } from 'zod'
import type { shownPreset } from '../../../shared/contract/rules.ts'
import { useAction, useApi, useMirror, useReading } from '../../app/gatehouse-context.tsx'
import { ReadingView } from '../../app/reading-view.tsx'
import { useWords } from '../../app/words.tsx'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { Card, Section } from '../../ui/card.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { cx } from '../../ui/ui.ts'
import { EffectBadge } from './effect-badge.tsx'
import { SimulateButton } from './simulate-button.tsx'

type Preset = z.output<typeof shownPreset>
const effects = ['allow', 'ask', 'deny'] as const

/** The three sets of rules Gatehouse comes with, one plain sentence for each effect. */
export function PresetChoice() {
  const { t } = useWords()
  const revision = useMirror((mirror) => mirror.revision.permissions)
  const reading = useReading((api) => api.permissions.presets(), revision)
  const [chosen, setChosen] = useState<Preset>()
  return (
    <Section title={t('preset.title')} hint={t('preset.hint')}>
      <ReadingView reading={reading}>
        {({ presets }) => (
          <ul className="grid gap-4 lg:grid-cols-3">
            {presets.map((preset) => (
              <li key={preset.id}>
                <PresetCard preset={preset} onChoose={() => setChosen(preset)} />
              </li>
            ))}
          </ul>
        )}
      </ReadingView>
      {chosen && (
        <ConfirmPreset
          preset={chosen}
          before={reading.value?.presets.find(({ current }) => current)}
          onClose={() => setChosen(undefined)}
          onDone={() => {
            setChosen(undefined)
            reading.again()
          }}
        />
      )}
    </Section>
  )
}

function PresetCard({ preset, onChoose }: { preset: Preset; onChoose: () => void }) {
  const { t } = useWords()
  return (
    <Card className={cx('flex h-full flex-col p-5', preset.current && 'ring-2 ring-accent')}>
      <div className="flex flex-wrap items-center gap-2">
        <h3 className="font-serif text-lg font-semibold">{preset.name}</h3>
        {preset.current ? (
          <Badge tone="accent">{t('preset.current')}</Badge>
        ) : (
          <Badge tone={preset.wider ? 'warn' : 'ok'}>{t(preset.wider ? 'preset.wider' : 'preset.narrower')}</Badge>
        )}
      </div>
      <dl className="mt-3 flex-1 space-y-3 text-sm">
        {effects.map((effect) => (
          <div key={effect}>
            <dt>
              <EffectBadge effect={effect} />
            </dt>
            <dd className="mt-1">{preset.sentences[effect]}</dd>
          </div>
        ))}
      </dl>
      <details className="mt-3">
        <summary className="cursor-pointer text-xs text-muted underline underline-offset-4">
          {t('preset.rules')}
        </summary>
        <pre className="mt-2 max-h-56 overflow-auto rounded-lg bg-sunken p-3 font-mono text-xs whitespace-pre-wrap">
          {preset.policies.map(({ sentence, cedar }) => `// ${sentence}\n${cedar}`).join('\n\n')}
        </pre>
      </details>
      {!preset.current && (
        <div className="mt-4">
          <Button onClick={onChoose}>{t('preset.choose', { name: preset.name })}</Button>
        </div>
      )}
    </Card>
  )
}

interface ConfirmProps {
  readonly preset: Preset
  readonly before: Preset | undefined
  readonly onClose: () => void
  readonly onDone: () => void
}

/** Shows what would change before it does. */
function ConfirmPreset({ preset, before, onClose, onDone }: ConfirmProps) {
  const { t } = useWords()
  const api = useApi()
  const { busy, run } = useAction()
  const { id, name, wider, added, removed } = preset
  const choose = async () => {
    const back = before && (() => api.permissions.setPreset({ preset: before.id }))
    if (await run(() => api.permissions.setPreset({ preset: id }), t('preset.chosen', { name }), back)) onDone()
  }
  return (
    <Dialog
      title={t('preset.confirm', { name })}
      {...(wider ? { description: t('preset.confirm.text') } : {})}
      closeLabel={t('close')}
      onClose={onClose}
      footer={
        <>
          <Button look="quiet" onClick={onClose}>
            {t('cancel')}
          </Button>
          <Button look={wider ? 'danger' : 'primary'} disabled={busy} onClick={() => void choose()}>
            {t('preset.choose', { name })}
          </Button>
        </>
      }
    >
      <div className="space-y-4 text-sm">
        <Rules title={t('preset.adds')} rules={added} />
        <Rules title={t('preset.removes')} rules={removed} />
        <SimulateButton change={{ kind: 'preset', preset: id }} />
      </div>
    </Dialog>
  )
}

function Rules({ title, rules }: { title: string; rules: readonly string[] }) {
  if (rules.length === 0) return null
  return (
    <div>
      <p className="font-medium">{title}</p>
      <ul className="mt-1 list-disc pl-5">
        {rules.map((rule) => (
          <li key={rule}>{rule}</li>
        ))}
      </ul>
    </div>
  )
}

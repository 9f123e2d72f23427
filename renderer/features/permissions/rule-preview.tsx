import { useEffect, useState } from 'react'
import type { z } from 'zod'
import type { rulePreview } from '../../../shared/contract/rules.ts'
import { withLocalTimes } from '../../../shared/messages/local-times.ts'
import { useApi } from '../../app/gatehouse-context.tsx'
import { useWords } from '../../app/words.tsx'
import { ExactText } from '../../ui/exact-text.tsx'
import type { Effect } from './effect-badge.tsx'
import type { Draft } from './rule-form.ts'
import { SimulateButton } from './simulate-button.tsx'

type Preview = z.output<typeof rulePreview>
const pauseMs = 300

/** The rule as a sentence and as Cedar while it is put together, and what about it would not work. */
export function RulePreview({ effect, draft }: { effect: Effect; draft: Draft }) {
  const { t, zoned } = useWords()
  const preview = usePreview(effect, draft)
  if (preview === undefined) return null
  return (
    <div role="status" className="space-y-3 rounded-lg bg-sunken px-4 py-3 text-sm">
      <p>
        <span className="block text-xs font-semibold text-muted">{t('rule.reads')}</span>
        <ExactText text={withLocalTimes(preview.sentence, zoned)} />
      </p>
      {preview.warnings.length > 0 && (
        <div className="rounded-lg border-l-4 border-warn/60 bg-warn-soft px-3 py-2">
          <p className="font-medium">{t('rule.warnings')}</p>
          <ul className="list-disc pl-5">
            {preview.warnings.map((warning) => (
              <li key={warning}>{withLocalTimes(warning, zoned)}</li>
            ))}
          </ul>
        </div>
      )}
      <details>
        <summary className="cursor-pointer text-xs text-muted underline underline-offset-4">{t('rule.cedar')}</summary>
        <pre className="mt-2 overflow-x-auto font-mono text-xs whitespace-pre-wrap">{preview.cedar}</pre>
      </details>
      <SimulateButton change={{ kind: 'add', effect, draft }} />
    </div>
  )
}

/** Undefined while the rule is not one yet. */
function usePreview(effect: Effect, draft: Draft): Preview | undefined {
  const api = useApi()
  const [preview, setPreview] = useState<Preview>()
  const key = JSON.stringify([effect, draft.tool === '' ? '' : draft])
  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` says when the rule is another
  useEffect(() => {
    let current = true
    const timer = setTimeout(() => {
      if (draft.tool === '') return setPreview(undefined)
      api.permissions.preview({ effect, draft }).then(
        (read) => current && setPreview(read),
        () => current && setPreview(undefined),
      )
    }, pauseMs)
    return () => {
      current = false
      clearTimeout(timer)
    }
  }, [api, key])
  return preview
}

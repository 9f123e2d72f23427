import { useState } from 'react'
import type { Json } from '../../../shared/domain/json.ts'
import { useWords } from '../../app/words.tsx'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { ExactBlock } from '../../ui/exact-text.tsx'
import { Notice } from '../../ui/notice.tsx'

/** What a tool answered. */
export interface Told {
  readonly isError: boolean
  readonly content: readonly Json[]
  readonly structuredContent?: Json | undefined
}

/** Characters shown of one part until the person asks for all. */
const shownMost = 20_000

/** The answer exactly; long parts are cut, and it says so. */
export function ToolResult({ told }: { told: Told }) {
  const { t } = useWords()
  return (
    <div className="space-y-3">
      <Badge tone={told.isError ? 'danger' : 'ok'}>{t(told.isError ? 'try.failed' : 'try.done')}</Badge>
      {told.content.length === 0 && told.structuredContent === undefined && (
        <p className="text-sm text-muted">{t('try.empty')}</p>
      )}
      {told.content.map((part, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: parts of one answer never move
        <Part key={place} label={t('try.part', { number: place + 1 })} text={textOf(part)} />
      ))}
      {told.structuredContent !== undefined && (
        <Part label={t('try.structured')} text={JSON.stringify(told.structuredContent, null, 2)} />
      )}
    </div>
  )
}

function Part({ label, text }: { label: string; text: string }) {
  const { t, language } = useWords()
  const [whole, setWhole] = useState(text.length <= shownMost)
  const number = new Intl.NumberFormat(language)
  return (
    <div className="space-y-2">
      <ExactBlock label={label} text={whole ? text : text.slice(0, shownMost)} />
      {!whole && (
        <Notice
          action={
            <Button size="small" onClick={() => setWhole(true)}>
              {t('try.whole')}
            </Button>
          }
        >
          {t('try.cut', { shown: number.format(shownMost), total: number.format(text.length) })}
        </Notice>
      )}
    </div>
  )
}

/** Text as it is; anything else as JSON. */
function textOf(part: Json): string {
  const { text } = (part ?? {}) as { readonly text?: Json }
  return typeof text === 'string' ? text : JSON.stringify(part, null, 2)
}

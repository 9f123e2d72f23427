import { type FormEvent, useCallback, useEffect, useRef, useState } from 'react'
import { z } from 'zod'
import type { explanation } from '../../../shared/contract/rules.ts'
import type { EntryName } from '../../../shared/domain/ids.ts'
import { withLocalTimes } from '../../../shared/messages/local-times.ts'
import { useAction, useApi } from '../../app/gatehouse-context.tsx'
import { useWords } from '../../app/words.tsx'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { Field, TextArea } from '../../ui/field.tsx'
import { ClientSelect, ToolInput } from './catalog-fields.tsx'
import { EffectBadge } from './effect-badge.tsx'

type Explained = z.output<typeof explanation>
const argumentsShape = z.record(z.string(), z.json())

/** A call to begin with. */
export interface Tested {
  readonly client: string
  readonly tool: string
}

/** Says what would happen to a call, without making it. */
export function RuleTester({ begin }: { begin?: Tested | undefined }) {
  const { t, zoned } = useWords()
  const api = useApi()
  const { busy, run } = useAction()
  const [client, setClient] = useState(begin?.client ?? '')
  const [tool, setTool] = useState(begin?.tool ?? '')
  const [text, setText] = useState('{}')
  const [explained, setExplained] = useState<Explained>()
  const parsed = parseArguments(text)
  const place = useRef<HTMLDivElement>(null)
  const explain = useCallback(
    (call: Tested, args: z.output<typeof argumentsShape>) =>
      void run(async () =>
        setExplained(
          await api.permissions.test({ client: call.client, tool: call.tool.trim() as EntryName, arguments: args }),
        ),
      ),
    [api, run],
  )
  useEffect(() => {
    if (!begin) return
    place.current?.scrollIntoView({ block: 'center' })
    place.current?.querySelector('select')?.focus()
    explain(begin, {})
  }, [begin, explain])
  const test = (event: FormEvent) => {
    event.preventDefault()
    if (parsed) explain({ client, tool }, parsed)
  }
  return (
    <div ref={place}>
      <Card className="p-5">
        <form onSubmit={test} className="grid gap-4 sm:grid-cols-2">
          <ClientSelect client={client} onChange={setClient} />
          <ToolInput tool={tool} onChange={setTool} />
          <div className="sm:col-span-2">
            <Field label={t('permissions.test.arguments')} error={parsed ? undefined : t('permissions.test.badJson')}>
              {(ids) => <TextArea {...ids} rows={3} value={text} onChange={(event) => setText(event.target.value)} />}
            </Field>
          </div>
          <div className="sm:col-span-2">
            <Button type="submit" disabled={busy || !parsed || client === '' || tool.trim() === ''}>
              {t('permissions.test.run')}
            </Button>
          </div>
        </form>
        <div role="status">
          {explained && (
            <div className="mt-4 border-t border-line pt-4 text-sm">
              <p className="flex flex-wrap items-center gap-3">
                <EffectBadge effect={explained.effect} />{' '}
                {t('permissions.test.because', { rule: withLocalTimes(explained.rule, zoned) })}
              </p>
              <ul className="mt-2 list-disc pl-5 text-muted">
                {explained.reasons.map((reason) => (
                  <li key={reason}>{reason}</li>
                ))}
              </ul>
              {explained.matched.length > 0 && (
                <>
                  <p className="mt-3 font-medium">{t('explain.matched')}</p>
                  <ul className="mt-1 space-y-1">
                    {explained.matched.map((one) => (
                      <li key={one.id} className="flex flex-wrap items-center gap-3">
                        <EffectBadge effect={one.effect} />
                        <span>{withLocalTimes(one.sentence, zoned)}</span>
                        {one.decided && <Badge tone="accent">{t('explain.decided')}</Badge>}
                      </li>
                    ))}
                  </ul>
                </>
              )}
              {explained.change.length > 0 && (
                <>
                  <p className="mt-3 font-medium">{t('explain.change')}</p>
                  <ul className="mt-1 list-disc pl-5 text-muted">
                    {explained.change.map((one) => (
                      <li key={one}>{withLocalTimes(one, zoned)}</li>
                    ))}
                  </ul>
                </>
              )}
            </div>
          )}
        </div>
      </Card>
    </div>
  )
}

function parseArguments(text: string): z.output<typeof argumentsShape> | undefined {
  try {
    return argumentsShape.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}

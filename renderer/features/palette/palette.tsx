import { Command } from 'cmdk'
import { Dialog as Primitive } from 'radix-ui'
import { useRef, useState } from 'react'
import { fits, plainText } from '../../app/fits.ts'
import { useReading } from '../../app/gatehouse-context.tsx'
import { useWords } from '../../app/words.tsx'
import { ExactText } from '../../ui/exact-text.tsx'
import { Keys } from '../../ui/keys.tsx'
import { useReturnFocus } from '../../ui/return-focus.ts'
import { groupMost, groups, type PaletteItem } from './palette-item.ts'
import { useActions } from './use-actions.ts'
import { useAuditHits } from './use-audit-hits.ts'
import { useMemoryHits } from './use-memory-hits.ts'
import { noPlaces, readPlaces, usePlaces } from './use-places.ts'

/** Search over everything, and what can be done, by keyboard. */
export function Palette({ onClose }: { onClose: () => void }) {
  const { t } = useWords()
  const [query, setQuery] = useState('')
  const { value: places = noPlaces } = useReading(readPlaces, 'palette')
  const log = useAuditHits(query)
  const memory = useMemoryHits(query)
  const items = [...usePlaces(places), ...useActions(places.clients)]
  const found = shownOf(query, [...items.filter((item) => matches(query, item)), ...memory.items, ...log.items])
  const returnFocus = useReturnFocus()
  const leaves = useRef(false)
  const choose = (item: PaletteItem) => {
    leaves.current = item.group !== 'actions' // the screen that is gone to takes the focus
    onClose()
    item.run()
  }
  return (
    <Primitive.Root open onOpenChange={(open) => !open && onClose()}>
      <Primitive.Portal>
        <div className="fixed inset-0 z-40 animate-fade bg-veil" />
        <div className="pointer-events-none fixed inset-0 z-40 flex justify-center p-3 sm:p-[8vh]">
          <Primitive.Content
            aria-describedby={undefined}
            onCloseAutoFocus={(event) => (leaves.current ? event.preventDefault() : returnFocus(event))}
            className="pointer-events-auto h-fit max-h-full w-full max-w-2xl animate-rise overflow-hidden rounded-2xl border border-line bg-surface shadow-dialog outline-none"
          >
            <Primitive.Title className="sr-only">{t('palette.title')}</Primitive.Title>
            <Command shouldFilter={false} loop label={t('palette.title')} className="flex max-h-[80vh] flex-col">
              <Command.Input
                value={query}
                onValueChange={setQuery}
                maxLength={200}
                placeholder={t('palette.placeholder')}
                className="w-full border-b border-line bg-surface px-5 py-4 text-base text-ink -outline-offset-2 placeholder:text-muted"
              />
              <Command.List label={t('palette.title')} className="min-h-0 flex-1 overflow-y-auto p-2">
                {groups.map((group) => (
                  <Hits
                    key={group}
                    group={group}
                    items={found.filter((item) => item.group === group)}
                    onChoose={choose}
                  />
                ))}
              </Command.List>
              <p role="status" className="border-t border-line bg-ground/60 px-5 py-2.5 text-xs text-muted">
                {log.reading || memory.reading
                  ? t('palette.reading')
                  : found.length === 0
                    ? t('palette.none', { query: query.trim() })
                    : t('palette.found', { count: found.length })}
                {' · '}
                {t('palette.hint')}
              </p>
            </Command>
          </Primitive.Content>
        </div>
      </Primitive.Portal>
    </Primitive.Root>
  )
}

interface HitsProps {
  readonly group: PaletteItem['group']
  readonly items: readonly PaletteItem[]
  readonly onChoose: (item: PaletteItem) => void
}

function Hits({ group, items, onChoose }: HitsProps) {
  const { t } = useWords()
  if (items.length === 0) return null
  return (
    <Command.Group
      heading={t(`palette.group.${group}`)}
      className="[&_[cmdk-group-heading]]:px-3 [&_[cmdk-group-heading]]:pt-3 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-xs [&_[cmdk-group-heading]]:font-semibold [&_[cmdk-group-heading]]:text-muted"
    >
      {items.map((item) => (
        <Command.Item
          key={item.id}
          value={item.id}
          onSelect={() => onChoose(item)}
          className="flex cursor-pointer items-center gap-3 rounded-lg px-3 py-2 text-sm data-[selected=true]:bg-accent-soft data-[selected=true]:outline-2 data-[selected=true]:-outline-offset-2 data-[selected=true]:outline-accent"
        >
          <span className="min-w-0 flex-1 break-words">
            <ExactText text={item.label} />
            {item.detail && (
              <span className="ml-2 text-xs break-all text-muted">
                <ExactText text={item.detail} />
              </span>
            )}
          </span>
          {item.keys && <Keys keys={item.keys} />}
        </Command.Item>
      ))}
    </Command.Group>
  )
}

/** Without a query: the screens, and the actions that are always there. */
function matches(query: string, item: PaletteItem): boolean {
  if (query.trim() === '') return item.group === 'screens' || item.group === 'actions'
  return fits(query.trim(), [item.label, item.detail ?? '', ...(item.words ?? [])])
}

/** Those whose name begins with what was typed come first; a few of each group. */
function shownOf(query: string, items: readonly PaletteItem[]): readonly PaletteItem[] {
  const start = plainText(query.trim())
  const rank = ({ label }: PaletteItem) => (plainText(label).startsWith(start) ? 0 : 1)
  const most = (group: PaletteItem['group']) => (group === 'screens' ? Number.POSITIVE_INFINITY : groupMost)
  return groups.flatMap((group) =>
    items
      .filter((item) => item.group === group)
      .toSorted((a, b) => rank(a) - rank(b))
      .slice(0, most(group)),
  )
}

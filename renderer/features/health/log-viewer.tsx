import { RotateCw } from 'lucide-react'
import { type RefObject, useEffect, useRef, useState } from 'react'
import type { LogLine } from '../../../shared/contract/logs.ts'
import type { ServerName } from '../../../shared/domain/ids.ts'
import { useMirror, useReading } from '../../app/gatehouse-context.tsx'
import { ReadingView } from '../../app/reading-view.tsx'
import { useTick } from '../../app/use-tick.ts'
import { useWords } from '../../app/words.tsx'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { ExactBlock, ExactText } from '../../ui/exact-text.tsx'
import { Check, Field, Input, Select } from '../../ui/field.tsx'
import { Notice } from '../../ui/notice.tsx'
import { RowRoom } from '../../ui/row-room.tsx'
import { rowPx, useRowWindow } from '../../ui/row-window.ts'
import { ScrollGroup } from '../../ui/scroll-group.tsx'
import type { Tone } from '../../ui/ui.ts'

const levels = ['debug', 'info', 'warn', 'error'] as const
const tones: Readonly<Record<LogLine['level'], Tone>> = {
  trace: 'plain',
  debug: 'plain',
  info: 'plain',
  warn: 'warn',
  error: 'danger',
  fatal: 'danger',
}
const everyMs = 3_000
const pauseMs = 250
const most = 2_000

interface Question {
  readonly source: string
  readonly level: (typeof levels)[number]
  readonly search: string
}

/** Gatehouse's own log and what servers wrote to their error streams, newest first. Only the rows in view exist. */
export function LogViewer() {
  const { t } = useWords()
  const [question, setQuestion] = useState<Question>({ source: '', level: 'info', search: '' })
  const [following, setFollowing] = useState(true)
  const [shown, setShown] = useState<LogLine>()
  const tick = useTick(everyMs)
  const reading = useReading(
    async (api) => {
      const { source, level, search } = question
      if (!source) return api.logs.read({ level, most, ...(search ? { search } : {}) })
      const { lines } = await api.servers.logs({ name: source as ServerName, lines: most })
      return { lines: linesOf(lines, search), whole: lines.length < most }
    },
    `${JSON.stringify(question)} ${following && !shown ? tick : ''}`,
  )
  return (
    <div className="space-y-3">
      <Questions question={question} onChange={setQuestion} />
      <div className="flex flex-wrap items-center justify-between gap-3">
        <Check checked={following} onChange={setFollowing} label={t('health.log.follow')} />
        <Button size="small" icon={<RotateCw aria-hidden="true" className="size-3.5" />} onClick={reading.again}>
          {t('readAgain')}
        </Button>
      </div>
      <ReadingView reading={reading}>
        {({ lines, whole }) => (
          <>
            {lines.length === 0 ? (
              <Notice>{t('health.log.none')}</Notice>
            ) : (
              <Lines lines={lines} onShow={setShown} dated={question.source === ''} />
            )}
            {!whole && <p className="text-xs text-muted">{t('health.log.older', { count: lines.length })}</p>}
          </>
        )}
      </ReadingView>
      {shown && <Whole line={shown} onClose={() => setShown(undefined)} />}
    </div>
  )
}

/** A server's own lines have neither time nor level: they are shown as it wrote them. */
function linesOf(lines: readonly string[], search: string): LogLine[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean)
  return lines
    .map((text, at): LogLine => ({ at, time: 0 as LogLine['time'], level: 'info', text, more: '' }))
    .filter(({ text }) => words.every((word) => text.toLowerCase().includes(word)))
    .reverse()
}

function Questions({ question, onChange }: { question: Question; onChange: (question: Question) => void }) {
  const { t } = useWords()
  const servers = useMirror((mirror) => mirror.servers)
  const [search, setSearch] = useState(question.search)
  useEffect(() => {
    if (search === question.search) return
    const timer = setTimeout(() => onChange({ ...question, search }), pauseMs)
    return () => clearTimeout(timer)
  }, [search, question, onChange])
  return (
    <search aria-label={t('health.log.filters')} className="flex flex-wrap gap-3">
      <Field label={t('health.log.of')}>
        {(ids) => (
          <Select
            {...ids}
            value={question.source}
            onChange={(event) => onChange({ ...question, source: event.target.value })}
          >
            <option value="">Gatehouse</option>
            {servers?.map(({ name }) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </Select>
        )}
      </Field>
      {question.source === '' && (
        <Field label={t('health.log.level')}>
          {(ids) => (
            <Select
              {...ids}
              value={question.level}
              onChange={(event) => onChange({ ...question, level: event.target.value as Question['level'] })}
            >
              {levels.map((level) => (
                <option key={level} value={level}>
                  {t(`health.log.level.${level}`)}
                </option>
              ))}
            </Select>
          )}
        </Field>
      )}
      <div className="min-w-52 flex-1">
        <Field label={t('health.log.search')}>
          {(ids) => (
            <Input
              {...ids}
              type="search"
              className="w-full"
              value={search}
              onChange={(event) => setSearch(event.target.value)}
            />
          )}
        </Field>
      </div>
    </search>
  )
}

interface LinesProps {
  readonly lines: readonly LogLine[]
  readonly dated: boolean
  readonly onShow: (line: LogLine) => void
}

function Lines({ lines, dated, onShow }: LinesProps) {
  const { t } = useWords()
  const scroller = useRef<HTMLDivElement>(null)
  return (
    <ScrollGroup
      ref={scroller}
      label={t('health.tab.log')}
      className="h-[max(18rem,calc(100dvh-24rem))] overflow-auto rounded-xl border border-line bg-surface shadow-card"
    >
      <Rows scroller={scroller} lines={lines} dated={dated} onShow={onShow} />
    </ScrollGroup>
  )
}

function Rows({ scroller, lines, dated, onShow }: LinesProps & { scroller: RefObject<HTMLDivElement | null> }) {
  const { t, when } = useWords()
  const view = useRowWindow(scroller, lines.length)
  const { first, end, show } = view
  return (
    <RowRoom rows={view}>
      <ol aria-label={t('health.tab.log')} className="text-sm">
        {lines.slice(first, end).map((line, place) => (
          <li
            key={`${line.at} ${line.time}`}
            aria-setsize={lines.length}
            aria-posinset={first + place + 1}
            onFocus={() => show(first + place)}
            style={{ height: rowPx }}
            className="flex items-center gap-3 border-b border-line/70 px-4 hover:bg-ground/60"
          >
            {dated && <span className="w-24 shrink-0 text-muted tabular-nums">{when(line.time)}</span>}
            {dated && (
              <span className="w-20 shrink-0">
                <Badge tone={tones[line.level]}>{t(`health.log.level.${line.level}`)}</Badge>
              </span>
            )}
            <button
              type="button"
              onClick={() => onShow(line)}
              className="line-clamp-2 min-w-0 flex-1 text-left break-words hover:text-accent hover:underline hover:underline-offset-4"
            >
              <ExactText text={oneLine(line)} />
            </button>
          </li>
        ))}
      </ol>
    </RowRoom>
  )
}

const oneLine = ({ text, more }: LogLine) => (more ? `${text} ${more.replace(/\s+/g, ' ')}` : text || '…').slice(0, 400)

function Whole({ line, onClose }: { line: LogLine; onClose: () => void }) {
  const { t, zoned } = useWords()
  return (
    <Dialog
      wide
      title={t('health.log.line')}
      {...(line.time > 0 ? { description: zoned(line.time) } : {})}
      closeLabel={t('close')}
      onClose={onClose}
    >
      <div className="space-y-3">
        <ExactBlock label={t('health.log.line')} text={line.text || '…'} />
        {line.more && <ExactBlock label={t('health.log.more')} text={line.more} className="max-h-[50vh]" />}
      </div>
    </Dialog>
  )
}

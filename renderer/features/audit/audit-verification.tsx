import { ShieldCheck } from 'lucide-react'
import { useState } from 'react'
import type { z } from 'zod'
import type { verification } from '../../../shared/contract/audit.ts'
import { useAction, useApi, useMirror } from '../../app/gatehouse-context.tsx'
import { useWords, type Words } from '../../app/words.tsx'
import { CallRefused } from '../../client.ts'
import { Button } from '../../ui/button.tsx'
import { Facts } from '../../ui/card.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Loading, Notice } from '../../ui/notice.tsx'
import { CheckPart } from './check-part.tsx'
import type { LogPart } from './log-part.ts'

type Verification = z.output<typeof verification>

/** Checks the whole chain, or a part of it, and says the result in one sentence, and what was looked at. */
export function VerifyButton() {
  const { t } = useWords()
  const api = useApi()
  const { busy, run } = useAction()
  const [open, setOpen] = useState<'choosing' | 'checking'>()
  const [part, setPart] = useState<LogPart>({})
  const [watch, setWatch] = useState('')
  const [result, setResult] = useState<Verification>()
  const verify = async (wanted: LogPart) => {
    const mine = crypto.randomUUID()
    setWatch(mine)
    setPart(wanted)
    setResult(undefined)
    setOpen('checking')
    const work = () => api.audit.verify({ ...wanted, watch: mine }).then(setResult, unlessStopped)
    if (!(await run(work))) setOpen(undefined)
  }
  const close = () => {
    setOpen(undefined)
    if (!result) void api.audit.stopVerifying({ watch })
  }
  return (
    <>
      <Button disabled={busy} onClick={() => setOpen('choosing')}>
        {t('audit.part')}
      </Button>
      <Button
        look="primary"
        disabled={busy}
        icon={<ShieldCheck aria-hidden="true" className="size-4" />}
        onClick={() => void verify({})}
      >
        {busy ? t('audit.verifying') : t('audit.verify')}
      </Button>
      {open === 'choosing' && (
        <CheckPart onCheck={(wanted) => void verify(wanted)} onClose={() => setOpen(undefined)} />
      )}
      {open === 'checking' && (
        <Dialog
          title={t('audit.verify')}
          {...(result ? { description: textOf(part, t) } : {})}
          closeLabel={t('close')}
          onClose={close}
        >
          {result ? <Result result={result} /> : <Progress watch={watch} onStop={close} />}
        </Dialog>
      )}
    </>
  )
}

function textOf({ from, to }: LogPart, t: Words['t']): string {
  if (from === undefined && to === undefined) return t('audit.verify.text')
  if (to === undefined) return t('audit.verify.since', { from: String(from ?? 1) })
  return t('audit.verify.between', { from: String(from ?? 1), to: String(to) })
}

/** The person stopped it: there is nothing to tell them. */
function unlessStopped(failure: unknown): void {
  if (!(failure instanceof CallRefused && failure.code === 'audit.stopped')) throw failure
}

function Progress({ watch, onStop }: { watch: string; onStop: () => void }) {
  const { t, language } = useWords()
  const percent = useMirror(({ verifying }) => (verifying?.watch === watch ? verifying.percent : 0))
  const said = new Intl.NumberFormat(language, { style: 'percent' }).format(percent / 100)
  return (
    <div className="space-y-4">
      <Loading label={t('audit.verify.reading')} />
      <div className="flex items-center gap-3">
        <progress
          className="h-2 flex-1 accent-accent"
          max={100}
          value={percent}
          aria-label={t('audit.verify.progress')}
        />
        <span className="w-12 text-right text-sm tabular-nums">{said}</span>
      </div>
      <Button size="small" onClick={onStop}>
        {t('audit.verify.stop')}
      </Button>
    </div>
  )
}

function Result({ result }: { result: Verification }) {
  const { t, language } = useWords()
  const number = new Intl.NumberFormat(language)
  return (
    <div className="space-y-5">
      <Notice tone={result.valid ? 'ok' : 'danger'} alert>
        <p className="font-medium">{result.sentence}</p>
        {result.firstFault && (
          <p className="mt-1">
            {t('audit.fault', { seq: String(result.firstFault.seq), problem: result.firstFault.problem })}
          </p>
        )}
      </Notice>
      <Facts
        facts={[
          [t('audit.verify.checked'), number.format(result.checked)],
          [t('audit.verify.tombstones'), number.format(result.tombstones)],
          [t('audit.verify.notAnchored'), number.format(result.notAnchored)],
        ]}
      />
    </div>
  )
}

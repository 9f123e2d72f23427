import { ShieldCheck } from 'lucide-react'
import { useState } from 'react'
import type { z } from 'zod'
import type { verification } from '../../../shared/contract/audit.ts'
import { useAction, useApi } from '../../app/gatehouse-context.tsx'
import { useWords } from '../../app/words.tsx'
import { Button } from '../../ui/button.tsx'
import { Facts } from '../../ui/card.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Loading, Notice } from '../../ui/notice.tsx'

type Verification = z.output<typeof verification>

/** Checks the whole chain and says the result in one sentence, and what was looked at. */
export function VerifyButton() {
  const { t } = useWords()
  const api = useApi()
  const { busy, run } = useAction()
  const [open, setOpen] = useState(false)
  const [result, setResult] = useState<Verification>()
  const verify = async () => {
    setResult(undefined)
    setOpen(true)
    if (!(await run(async () => setResult(await api.audit.verify({}))))) setOpen(false)
  }
  return (
    <>
      <Button
        look="primary"
        disabled={busy}
        icon={<ShieldCheck aria-hidden="true" className="size-4" />}
        onClick={() => void verify()}
      >
        {busy ? t('audit.verifying') : t('audit.verify')}
      </Button>
      {open && (
        <Dialog
          title={t('audit.verify')}
          {...(result ? { description: t('audit.verify.text') } : {})}
          closeLabel={t('close')}
          onClose={() => setOpen(false)}
        >
          {result ? <Result result={result} /> : <Loading label={t('audit.verify.reading')} />}
        </Dialog>
      )}
    </>
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

import { type FormEvent, useState } from 'react'
import { useAction, useApi, useMirror } from '../../app/gatehouse-context.tsx'
import { useWords } from '../../app/words.tsx'
import { Button } from '../../ui/button.tsx'
import { Field, Input } from '../../ui/field.tsx'
import { Notice } from '../../ui/notice.tsx'
import { StepFrame } from './step-frame.tsx'

const shortest = 8

/** Sets the operator passphrase: what proves the person where no window can be shown. */
export function PassphraseStep({ onDone }: { onDone: () => void }) {
  const { t } = useWords()
  const api = useApi()
  const { busy, run } = useAction()
  const set = useMirror((mirror) => mirror.setup?.operatorSet ?? false)
  const readSetup = useMirror((mirror) => mirror.readSetup)
  const [passphrase, setPassphrase] = useState('')
  const [again, setAgain] = useState('')
  const [problem, setProblem] = useState<string>()
  const save = async (event: FormEvent) => {
    event.preventDefault()
    if (passphrase.length < shortest) return setProblem(t('first.passphrase.short', { count: shortest }))
    if (passphrase !== again) return setProblem(t('first.passphrase.differ'))
    const done = await run(async () => {
      await api.system.setOperator({ passphrase })
      await readSetup()
    })
    if (done) onDone()
  }
  return (
    <StepFrame
      title={t('first.passphrase.title')}
      text={t('first.passphrase.text')}
      next={
        set ? (
          <Button look="primary" size="large" onClick={onDone}>
            {t('next')}
          </Button>
        ) : (
          <Button look="primary" size="large" type="submit" form="operator" disabled={busy}>
            {t('first.passphrase.save')}
          </Button>
        )
      }
    >
      {set ? (
        <Notice tone="ok">{t('first.passphrase.set')}</Notice>
      ) : (
        <form id="operator" onSubmit={save} className="grid max-w-md gap-4">
          <Field label={t('passphrase.label')} error={problem} hint={t('first.passphrase.hint')}>
            {(ids) => (
              <Input
                {...ids}
                type="password"
                autoComplete="new-password"
                value={passphrase}
                onChange={(event) => setPassphrase(event.target.value)}
              />
            )}
          </Field>
          <Field label={t('first.passphrase.again')}>
            {(ids) => (
              <Input
                {...ids}
                type="password"
                autoComplete="new-password"
                value={again}
                onChange={(event) => setAgain(event.target.value)}
              />
            )}
          </Field>
        </form>
      )}
    </StepFrame>
  )
}

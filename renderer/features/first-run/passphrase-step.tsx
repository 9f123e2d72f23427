import { useAction, useApi, useMirror } from '../../app/gatehouse-context.tsx'
import { NewPassphraseForm } from '../../app/new-passphrase-form.tsx'
import { useWords } from '../../app/words.tsx'
import { Button } from '../../ui/button.tsx'
import { Notice } from '../../ui/notice.tsx'
import { StepFrame } from './step-frame.tsx'

/** Sets the operator passphrase: what proves the person where no window can be shown. */
export function PassphraseStep({ onDone }: { onDone: () => void }) {
  const { t } = useWords()
  const api = useApi()
  const { busy, run } = useAction()
  const set = useMirror((mirror) => mirror.setup?.operatorSet ?? false)
  const readSetup = useMirror((mirror) => mirror.readSetup)
  const save = async (passphrase: string) => {
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
        <NewPassphraseForm
          id="operator"
          label={t('passphrase.label')}
          onPassphrase={(passphrase) => void save(passphrase)}
        />
      )}
    </StepFrame>
  )
}

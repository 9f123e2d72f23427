import { useState } from 'react'
import { useAction, useApi, useMirror } from '../../app/gatehouse-context.tsx'
import { Mark } from '../../app/mark.tsx'
import { useWords } from '../../app/words.tsx'
import { cx } from '../../ui/ui.ts'
import { IntegrityNotice } from '../home/integrity-notice.tsx'
import { ConnectStep } from './connect-step.tsx'
import { FoldersStep } from './folders-step.tsx'
import { PassphraseStep } from './passphrase-step.tsx'
import { TryStep } from './try-step.tsx'

const steps = ['passphrase', 'folders', 'connect', 'try'] as const
type Step = (typeof steps)[number]

/**
 * Passphrase, folders, first app, and a call to try it with. The passphrase comes first because opening folders widens rights, which needs it.
 * Each step is saved when it is left; the last ends the first run. An old or changed database may begin here, too.
 */
export function FirstRun() {
  const { t } = useWords()
  const api = useApi()
  const { busy, run } = useAction()
  const readSetup = useMirror((mirror) => mirror.readSetup)
  const [step, setStep] = useState<Step>('passphrase')
  const finish = () =>
    void run(async () => {
      await api.system.finishFirstRun()
      await readSetup()
    })
  return (
    <div className="on-wall h-full overflow-y-auto bg-wall">
      <div className="mx-auto flex min-h-full max-w-5xl flex-col gap-8 px-5 py-8 md:flex-row md:items-center md:gap-12 md:px-8">
        <header className="text-wall-ink md:w-72 md:shrink-0">
          <Mark className="mb-5 size-14 rounded-xl ring-1 ring-wall-ink/15" />
          <p className="font-serif text-2xl font-semibold">{t('first.welcome')}</p>
          <p className="mt-2 text-sm text-wall-muted">{t('first.text')}</p>
          <Progress step={step} />
        </header>
        <main className="min-w-0 flex-1 animate-rise rounded-2xl bg-surface p-6 shadow-dialog md:p-8">
          <div className="mb-6 empty:hidden">
            <IntegrityNotice />
          </div>
          {step === 'passphrase' && <PassphraseStep onDone={() => setStep('folders')} />}
          {step === 'folders' && <FoldersStep onBack={() => setStep('passphrase')} onDone={() => setStep('connect')} />}
          {step === 'connect' && <ConnectStep onBack={() => setStep('folders')} onDone={() => setStep('try')} />}
          {step === 'try' && <TryStep busy={busy} onBack={() => setStep('connect')} onDone={finish} />}
        </main>
      </div>
    </div>
  )
}

function Progress({ step }: { step: Step }) {
  const { t } = useWords()
  return (
    <ol aria-label={t('first.steps')} className="mt-7 space-y-3 text-sm">
      {steps.map((one, place) => {
        const done = steps.indexOf(step) > place
        return (
          <li
            key={one}
            aria-current={one === step ? 'step' : undefined}
            className={cx('flex items-center gap-3', one === step ? 'font-medium text-wall-ink' : 'text-wall-muted')}
          >
            <span
              aria-hidden="true"
              className={cx(
                'flex size-7 items-center justify-center rounded-full text-xs font-semibold ring-1 ring-inset',
                one === step
                  ? 'bg-gold text-[#2b2108] ring-gold'
                  : done
                    ? 'bg-wall-raised ring-wall-muted/40'
                    : 'ring-wall-muted/60',
              )}
            >
              {done ? '✓' : place + 1}
            </span>
            {t(`first.${one}`)}
          </li>
        )
      })}
    </ol>
  )
}

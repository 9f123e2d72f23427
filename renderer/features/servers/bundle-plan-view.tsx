import { cellSentence, signatureSentence } from '../../../shared/messages/bundle-words.ts'
import { useWords } from '../../app/words.tsx'
import { Facts } from '../../ui/card.tsx'
import { ExactText } from '../../ui/exact-text.tsx'
import type { BundlePlan } from './bundle-form.ts'
import { BundleSettingField } from './bundle-setting-field.tsx'
import { PlanView } from './plan-view.tsx'

interface BundlePlanViewProps {
  readonly shown: BundlePlan
  readonly values: Readonly<Record<string, string>>
  readonly onChange: (values: Readonly<Record<string, string>>) => void
}

/** What the bundle is, what it asks for, and what would run. */
export function BundlePlanView({ shown, values, onChange }: BundlePlanViewProps) {
  const { t } = useWords()
  return (
    <div className="space-y-6">
      <About bundle={shown.bundle} />
      {shown.settings.length > 0 && (
        <fieldset>
          <legend className="mb-2 text-sm font-semibold">{t('bundle.settings')}</legend>
          <div className="space-y-4">
            {shown.settings.map((setting) => (
              <BundleSettingField
                key={setting.key}
                setting={setting}
                value={values[setting.key] ?? ''}
                onChange={(value) => onChange({ ...values, [setting.key]: value })}
              />
            ))}
          </div>
        </fieldset>
      )}
      <PlanView plan={shown.plan} />
    </div>
  )
}

function About({ bundle }: { bundle: BundlePlan['bundle'] }) {
  const { t, language } = useWords()
  const kilobytes = new Intl.NumberFormat(language, { style: 'unit', unit: 'kilobyte' })
  const size = kilobytes.format(Math.ceil(bundle.bytes / 1024))
  return (
    <div>
      <h3 className="mb-1 text-sm font-semibold">{t('bundle.about')}</h3>
      <p className="mb-3 text-sm break-words">
        <ExactText text={`${bundle.name}: ${bundle.description}`} />
      </p>
      <Facts
        facts={[
          [t('bundle.version'), <ExactText key="version" text={bundle.version} />],
          [t('bundle.author'), <ExactText key="author" text={bundle.author} />],
          [t('bundle.sha256'), <Fingerprint key="sha256" hex={bundle.sha256} />],
          [t('bundle.files'), t('bundle.files.text', { files: bundle.files, size })],
          [
            t('bundle.signature'),
            <ExactText key="signature" text={signatureSentence(bundle.signature, language, bundle.cell)} />,
          ],
          ...(bundle.signature.state === 'unsigned'
            ? []
            : [
                [
                  t('bundle.signature.fingerprint'),
                  <Fingerprint key="certificate" hex={bundle.signature.fingerprint} />,
                ] as const,
              ]),
          ...(bundle.cell
            ? [[t('bundle.cell'), <ExactText key="cell" text={cellSentence(bundle.cell, language)} />] as const]
            : []),
        ]}
      />
    </div>
  )
}

const Fingerprint = ({ hex }: { hex: string }) => <code className="font-mono text-xs break-all">{hex}</code>

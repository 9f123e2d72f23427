import { useReading } from '../../app/gatehouse-context.tsx'
import { ReadingView } from '../../app/reading-view.tsx'
import { useWords } from '../../app/words.tsx'
import { Check } from '../../ui/field.tsx'
import { useAlertsKey } from './use-alerts-key.ts'

interface ChannelChecksProps {
  readonly label: string
  readonly chosen: readonly string[]
  readonly onChange: (chosen: readonly string[]) => void
}

/** Which channels are told. */
export function ChannelChecks({ label, chosen, onChange }: ChannelChecksProps) {
  const { t } = useWords()
  const revision = useAlertsKey()
  const reading = useReading((api) => api.alerts.channels(), revision)
  return (
    <fieldset>
      <legend className="mb-1.5 text-sm font-medium">{label}</legend>
      <ReadingView reading={reading}>
        {({ channels }) => (
          <div className="flex flex-wrap gap-x-6 gap-y-2">
            {channels.map(({ channel: { name, kind } }) => (
              <Check
                key={name}
                label={kind === 'desktop' ? t('alerts.kind.desktop') : `${name} (${t(`alerts.kind.${kind}`)})`}
                checked={chosen.includes(name)}
                onChange={(on) => onChange(on ? [...chosen, name] : chosen.filter((one) => one !== name))}
              />
            ))}
          </div>
        )}
      </ReadingView>
    </fieldset>
  )
}

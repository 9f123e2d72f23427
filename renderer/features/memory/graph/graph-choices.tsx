import { contentLabels } from '../../../../shared/domain/flow.ts'
import { useWords } from '../../../app/words.tsx'
import { Check, Select } from '../../../ui/field.tsx'
import type { Choice, Node } from './picture.ts'

interface GraphChoicesProps {
  readonly choice: Choice
  /** Types there are, the most frequent first, with their colours. */
  readonly types: ReadonlyMap<string, string>
  readonly onChange: (choice: Choice) => void
}

/** What of the graph is drawn, and what its colours and shapes mean. */
export function GraphChoices({ choice, types, onChange }: GraphChoicesProps) {
  const { t } = useWords()
  const [type = ''] = choice.types
  const toggled = (label: Node['labels'][number], on: boolean) => {
    const without = new Set(choice.without)
    if (on) without.add(label)
    else without.delete(label)
    onChange({ ...choice, without })
  }
  return (
    <div className="flex flex-wrap items-center gap-x-5 gap-y-2">
      <Select
        aria-label={t('memory.type')}
        value={type}
        className="w-52"
        onChange={(event) =>
          onChange({ ...choice, types: new Set(event.target.value === '' ? [] : [event.target.value]) })
        }
      >
        <option value="">{t('memory.graph.everyType')}</option>
        {[...types.keys()].map((one) => (
          <option key={one} value={one}>
            {one}
          </option>
        ))}
      </Select>
      <fieldset className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <legend className="sr-only">{t('memory.without')}</legend>
        <span aria-hidden="true" className="text-sm text-muted">
          {t('memory.without')}
        </span>
        {contentLabels.map((label) => (
          <Check
            key={label}
            checked={choice.without.has(label)}
            label={t(`sessions.flow.${label}`)}
            onChange={(on) => toggled(label, on)}
          />
        ))}
      </fieldset>
      <Check
        checked={choice.toldOnly}
        label={t('memory.graph.toldOnly')}
        onChange={(toldOnly) => onChange({ ...choice, toldOnly })}
      />
    </div>
  )
}

const legendAtMost = 7

export function GraphLegend({ types }: { types: ReadonlyMap<string, string> }) {
  const { t } = useWords()
  return (
    <ul aria-label={t('memory.graph.legend')} className="flex flex-wrap gap-x-4 gap-y-1 text-xs text-muted">
      {[...types].slice(0, legendAtMost).map(([type, colour]) => (
        <li key={type} className="flex items-center gap-1.5">
          <span aria-hidden="true" className="size-2.5 rounded-full" style={{ backgroundColor: colour }} />
          {type}
        </li>
      ))}
      {types.size > legendAtMost && <li>{t('memory.graph.legend.others')}</li>}
      <li className="flex items-center gap-1.5">
        <span aria-hidden="true" className="size-2.5 rotate-45 bg-muted" />
        {t('sessions.flow.untrusted')}
      </li>
    </ul>
  )
}

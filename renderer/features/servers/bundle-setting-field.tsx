import { useWords } from '../../app/words.tsx'
import { ExactText } from '../../ui/exact-text.tsx'
import { Field, Input, Select, TextArea } from '../../ui/field.tsx'
import type { BundleSetting } from './bundle-form.ts'

interface BundleSettingFieldProps {
  readonly setting: BundleSetting
  readonly value: string
  readonly onChange: (value: string) => void
}

/** One setting a bundle asks for; a sensitive one is typed unseen. */
export function BundleSettingField({ setting, value, onChange }: BundleSettingFieldProps) {
  const { t } = useWords()
  const fallback = setting.default === undefined ? '' : [setting.default].flat().join(', ')
  const hints = [
    setting.description,
    setting.sensitive && t('bundle.secret.hint'),
    setting.multiple && t('bundle.lines.hint'),
    fallback && t('bundle.default', { value: fallback }),
  ].filter((hint) => typeof hint === 'string' && hint !== '')
  const change = (event: { target: { value: string } }) => onChange(event.target.value)
  const isPath = setting.type === 'directory' || setting.type === 'file'
  return (
    <Field label={setting.title} hint={<ExactText text={hints.join(' ')} />}>
      {(ids) => {
        const given = { ...ids, value, 'aria-required': setting.required, onChange: change }
        if (setting.sensitive) return <Input {...given} type="password" autoComplete="new-password" />
        if (setting.multiple) return <TextArea {...given} rows={2} />
        if (setting.type === 'boolean')
          return (
            <Select {...given}>
              <option value="">{t('bundle.unset')}</option>
              <option value="true">{t('bundle.yes')}</option>
              <option value="false">{t('bundle.no')}</option>
            </Select>
          )
        if (setting.type === 'number') return <Input {...given} type="number" step="any" className="max-w-40" />
        return <Input {...given} className={isPath ? 'w-full font-mono' : 'w-full'} />
      }}
    </Field>
  )
}

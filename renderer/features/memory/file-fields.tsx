import { type MemoryFormat, memoryFormats } from '../../../shared/domain/memory.ts'
import { useWords } from '../../app/words.tsx'
import { Field, Input, Select } from '../../ui/field.tsx'

interface FileFieldsProps {
  readonly file: string
  readonly format: MemoryFormat
  readonly onFile: (file: string) => void
  readonly onFormat: (format: MemoryFormat) => void
}

/** The format a file's name says; JSON for any other. */
export const formatOf = (file: string): MemoryFormat => memoryFormats.find((one) => file.endsWith(`.${one}`)) ?? 'json'

export function FileFields({ file, format, onFile, onFormat }: FileFieldsProps) {
  const { t } = useWords()
  return (
    <>
      <Field label={t('memory.file')} hint={t('memory.file.hint')}>
        {(ids) => (
          <Input
            {...ids}
            required
            maxLength={4_096}
            className="font-mono"
            value={file}
            onChange={(event) => {
              onFile(event.target.value)
              onFormat(formatOf(event.target.value.trim()))
            }}
          />
        )}
      </Field>
      <Field label={t('memory.format')}>
        {(ids) => (
          <Select {...ids} value={format} onChange={(event) => onFormat(event.target.value as MemoryFormat)}>
            {memoryFormats.map((one) => (
              <option key={one} value={one}>
                {t(`memory.format.${one}`)}
              </option>
            ))}
          </Select>
        )}
      </Field>
    </>
  )
}

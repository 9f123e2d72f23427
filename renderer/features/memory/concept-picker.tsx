import { useEffect, useId, useState } from 'react'
import { useReading } from '../../app/gatehouse-context.tsx'
import { Field, Input } from '../../ui/field.tsx'
import type { Workspace } from './memory-types.ts'

const restMs = 200
const offered = 12

interface ConceptPickerProps {
  readonly label: string
  readonly hint: string
  readonly workspace: Workspace
  readonly value: string
  /** Never offered. */
  readonly without?: string
  readonly onChange: (name: string) => void
}

/** A concept by its name; names that fit what is typed are offered. */
export function ConceptPicker({ label, hint, workspace, value, without, onChange }: ConceptPickerProps) {
  const list = useId()
  const [text, setText] = useState('')
  useEffect(() => {
    const timer = setTimeout(() => setText(value.trim()), restMs)
    return () => clearTimeout(timer)
  }, [value])
  const { value: names = [] } = useReading(async (api) => {
    const look = { text, limit: offered, depth: 0, budget: 1, lookOnly: true }
    const concepts =
      text === ''
        ? (await api.memory.list({ workspace, limit: offered })).concepts
        : (await api.memory.recall({ workspace, ...look })).found.map(({ concept }) => concept)
    return concepts.map(({ name }) => name)
  }, `${workspace} ${text}`)
  return (
    <Field label={label} hint={hint}>
      {(ids) => (
        <>
          <Input
            {...ids}
            required
            list={list}
            maxLength={1_000}
            value={value}
            onChange={(event) => onChange(event.target.value)}
          />
          <datalist id={list}>
            {names
              .filter((name) => name !== without)
              .map((name) => (
                <option key={name} value={name} />
              ))}
          </datalist>
        </>
      )}
    </Field>
  )
}

import { RadioGroup } from 'radix-ui'
import type { Question } from '../../../shared/contract/approvals.ts'
import { useWords } from '../../app/words.tsx'

export type Scope = Question['scopes'][number]['scope']

interface ScopeChoiceProps {
  readonly scopes: Question['scopes']
  readonly scope: Scope
  readonly onChange: (scope: Scope) => void
}

/** How far "allow" reaches, each with what it would mean. */
export function ScopeChoice({ scopes, scope, onChange }: ScopeChoiceProps) {
  const { t } = useWords()
  return (
    <RadioGroup.Root
      value={scope}
      onValueChange={(value) => onChange(value as Scope)}
      aria-label={t('question.scopes')}
      className="grid gap-1.5 sm:grid-cols-2"
    >
      {scopes.map((offer) => (
        <RadioGroup.Item
          key={offer.scope}
          value={offer.scope}
          className="flex items-start gap-3 rounded-lg border border-line px-3 py-2 text-left text-sm hover:border-edge data-[state=checked]:border-accent data-[state=checked]:bg-accent-soft"
        >
          <span
            aria-hidden="true"
            className="mt-1 flex size-4 shrink-0 items-center justify-center rounded-full border border-edge bg-surface"
          >
            <RadioGroup.Indicator className="size-2 rounded-full bg-accent" />
          </span>
          <span className="min-w-0">
            <span className="block font-medium">{t(`scope.${offer.scope}`)}</span>
            <span className="block text-xs text-muted">{offer.consequence}</span>
          </span>
        </RadioGroup.Item>
      ))}
    </RadioGroup.Root>
  )
}

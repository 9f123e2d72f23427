import type { z } from 'zod'
import type { ImportPlan, imported } from '../../../shared/contract/apps.ts'
import { useMirror } from '../../app/gatehouse-context.tsx'
import { useWords } from '../../app/words.tsx'
import { Badge } from '../../ui/badge.tsx'
import { ExactBlock, ExactText } from '../../ui/exact-text.tsx'
import { Check } from '../../ui/field.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PlanView } from '../servers/plan-view.tsx'

type Imported = z.output<typeof imported>

/** Those nothing stands against. */
export const importable = (servers: readonly ImportPlan[]): readonly string[] =>
  servers.filter(({ problem }) => problem === undefined).map(({ name }) => name)

/** Says what became of each. @returns those that were added */
export function useImportToasts(): (servers: readonly Imported[]) => readonly Imported[] {
  const { t } = useWords()
  const toast = useMirror((mirror) => mirror.toast)
  return (servers) => {
    for (const { name, problem } of servers)
      if (problem) toast('problem', t('apps.import.failed', { server: name, problem }))
    const added = servers.filter((one) => one.added)
    if (added.length > 0) toast('ok', t('apps.import.done', { count: added.length }))
    return added
  }
}

interface ImportListProps {
  readonly servers: readonly ImportPlan[]
  readonly chosen: readonly string[]
  readonly onChange: (chosen: readonly string[]) => void
}

/** What would be added, each with what would run or be connected to, and a way to leave it out. */
export function ImportList({ servers, chosen, onChange }: ImportListProps) {
  return (
    <ul className="space-y-4">
      {servers.map((one) => (
        <li key={one.name} className="rounded-xl border border-line px-4 py-3">
          <Planned
            server={one}
            checked={chosen.includes(one.name)}
            onChange={(on) => onChange(on ? [...chosen, one.name] : chosen.filter((name) => name !== one.name))}
          />
        </li>
      ))}
    </ul>
  )
}

interface PlannedProps {
  readonly server: ImportPlan
  readonly checked: boolean
  readonly onChange: (checked: boolean) => void
}

function Planned({ server, checked, onChange }: PlannedProps) {
  const { t } = useWords()
  const { name, as, plan, remote, secrets, missing, notes, problem } = server
  if (!plan && !remote) {
    return (
      <p className="text-sm">
        <span className="font-medium">
          <ExactText text={name} />
        </span>{' '}
        <span className="text-muted">{problem}</span>
      </p>
    )
  }
  return (
    <>
      <Check checked={checked} onChange={onChange} label={name === as ? name : t('apps.import.as', { name, as })} />
      <div className="mt-3 ml-7.5 space-y-4">
        {secrets.length > 0 && (
          <p className="flex flex-wrap items-center gap-2 text-sm">
            {t('apps.import.secrets')}
            {secrets.map((secret) => (
              <Badge key={secret} tone="ok">
                {secret}
              </Badge>
            ))}
          </p>
        )}
        {missing.length > 0 && <Notice tone="warn">{t('apps.import.missing', { names: missing.join(', ') })}</Notice>}
        {notes.map((note) => (
          <Notice key={note}>{note}</Notice>
        ))}
        {plan && <PlanView plan={plan} />}
        {remote && <RemotePlan remote={remote} />}
      </div>
    </>
  )
}

function RemotePlan({ remote }: { remote: NonNullable<ImportPlan['remote']> }) {
  const { t } = useWords()
  return (
    <>
      {remote.warnings.map((warning) => (
        <Notice key={warning} tone="warn">
          {warning}
        </Notice>
      ))}
      <ExactBlock text={remote.url} label={t('apps.import.address')} />
      <ul className="list-disc space-y-1 pl-5 text-sm">
        {remote.mayGo.map((sentence) => (
          <li key={sentence} className="break-words">
            <ExactText text={sentence} />
          </li>
        ))}
      </ul>
    </>
  )
}

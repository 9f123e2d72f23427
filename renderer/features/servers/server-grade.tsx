import type { ComplianceReport } from '../../../shared/contract/compliance.ts'
import type { ServerDetail } from '../../../shared/contract/servers.ts'
import { useAction, useApi, useMirror } from '../../app/gatehouse-context.tsx'
import { useWords } from '../../app/words.tsx'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import type { Tone } from '../../ui/ui.ts'

const tones: Record<ComplianceReport['grade'], Tone> = { A: 'ok', B: 'ok', C: 'warn', D: 'warn', F: 'danger' }

/** How well a server spoke MCP when it was last looked at; nothing before that. */
export function GradeBadge({ server }: { server: string }) {
  const { t } = useWords()
  const grade = useMirror((mirror) => mirror.grades?.[server])
  if (!grade) return null
  return <Badge tone={tones[grade.grade]}>{t('servers.grade', { grade: grade.grade, score: grade.score })}</Badge>
}

/** The grade, when it was given, and the way to a fresh one. */
export function ServerGrade({ server }: { server: ServerDetail }) {
  const { t, date } = useWords()
  const api = useApi()
  const { busy, run } = useAction()
  const grade = useMirror((mirror) => mirror.grades?.[server.name])
  return (
    <div className="flex flex-wrap items-center gap-3">
      <GradeBadge server={server.name} />
      {grade && <span className="text-sm text-muted">{date(grade.checkedAt)}</span>}
      <Button
        size="small"
        aria-disabled={busy}
        onClick={() => busy || run(() => api.compliance.check({ name: server.name }))}
      >
        {t(busy ? 'servers.grading' : grade ? 'servers.grade.again' : 'servers.grade.give')}
      </Button>
      <p className="w-full text-sm text-muted">{t('servers.grade.text')}</p>
    </div>
  )
}

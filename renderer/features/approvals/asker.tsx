import type { ReactNode } from 'react'
import type { Question } from '../../../shared/contract/approvals.ts'
import { useWords } from '../../app/words.tsx'
import { ExactText } from '../../ui/exact-text.tsx'

/** Who asks: the app's name as paired, the program the system saw, what started it, and the workspace. */
export function Asker({ question }: { question: Question }) {
  const { t } = useWords()
  const { program, subject } = question
  return (
    <dl className="flex flex-wrap gap-x-6 gap-y-1 text-sm">
      <Part name={t('question.client')}>
        <strong className="font-semibold">
          <ExactText text={question.client} />
        </strong>
      </Part>
      {subject.kind === 'call' && (
        <Part name={t('question.tool')}>
          <code className="font-mono text-xs">
            <ExactText text={subject.tool} />
          </code>{' '}
          <span className="text-muted">{t('question.of')}</span>{' '}
          <code className="font-mono text-xs">
            <ExactText text={subject.server} />
          </code>
        </Part>
      )}
      <Part name={t('question.workspace')}>
        <ExactText text={question.workspace} />
      </Part>
      {subject.kind !== 'pair' && subject.kind !== 'elicitation' && (
        <Part name={t('question.program')}>
          {program ? <ProgramLine program={program} /> : t('question.program.unknown')}
        </Part>
      )}
    </dl>
  )
}

/** Who made the program, as far as the platform can tell. */
function Maker({ identity: { kind, name } }: { identity: NonNullable<NonNullable<Question['program']>['identity']> }) {
  const { t } = useWords()
  return (
    <span className="block text-xs break-all text-muted">
      {t(`question.maker.${kind}`)} <ExactText text={name} />
    </span>
  )
}

/** The program, its process and its maker; the line of those that started it, and a mere hash, unfold. */
export function ProgramLine({ program }: { program: NonNullable<Question['program']> }) {
  const { t } = useWords()
  const itself = (
    <>
      <span className="font-mono text-xs">
        <ExactText text={program.executable} />
      </span>{' '}
      <span className="text-muted">({t('question.process', { pid: String(program.pid) })})</span>
    </>
  )
  const maker = program.identity && <Maker identity={program.identity} />
  if (program.parents.length === 0) {
    return (
      <>
        {itself}
        {maker}
      </>
    )
  }
  return (
    <details>
      <summary className="cursor-pointer">
        {itself}
        {program.identity?.kind !== 'hash' && maker}
      </summary>
      {program.identity?.kind === 'hash' && maker}
      <span className="text-muted">
        {t('question.parents')} <ExactText text={program.parents.join(' ← ')} />
      </span>
    </details>
  )
}

function Part({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="flex min-w-0 gap-x-2">
      <dt className="shrink-0 text-muted">{name}</dt>
      <dd className="min-w-0 break-words">{children}</dd>
    </div>
  )
}

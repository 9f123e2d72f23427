import type { ReactNode } from 'react'
import type { ServerDetail } from '../../../shared/contract/servers.ts'
import { useWords } from '../../app/words.tsx'
import { Facts } from '../../ui/card.tsx'
import { ExactBlock, ExactText } from '../../ui/exact-text.tsx'
import { Notice } from '../../ui/notice.tsx'
import { QuotaList } from '../limits/quota-list.tsx'
import { RefusedHosts } from './refused-hosts.tsx'
import { SandboxBadge } from './sandbox-field.tsx'
import { ServerBehaviour } from './server-behaviour.tsx'
import { CellNotice, ServerCell } from './server-cell.tsx'
import { FindingList } from './server-findings.tsx'
import { ServerGrade } from './server-grade.tsx'
import { ServerIncidents } from './server-incidents.tsx'
import { ServerSecrets } from './server-secrets.tsx'
import { ServerState } from './server-state.tsx'
import { ServerUsage } from './server-usage.tsx'
import { ServerWarnings } from './server-warnings.tsx'
import { SignedIn, SignInNotice } from './sign-in.tsx'

/** What it may touch and what runs. */
export function ServerOverview({ server }: { server: ServerDetail }) {
  const { t, date } = useWords()
  return (
    <div className="space-y-6">
      <SignInNotice server={server} />
      <CellNotice server={server} />
      {server.problem && (
        <Notice tone="danger">
          <ExactText text={server.problem} />
        </Notice>
      )}
      <FindingList findings={server.findings ?? []} />
      <ServerWarnings server={server} />
      <RefusedHosts server={server.name} />
      {server.origin === 'remote' && <SignedIn server={server} />}
      <Part title={t('servers.touch')}>
        <ul className="list-disc space-y-1 pl-5 text-sm">
          {server.mayTouch.map((sentence) => (
            <li key={sentence} className="break-words">
              <ExactText text={sentence} />
            </li>
          ))}
        </ul>
      </Part>
      {server.registration && (
        <Part title={t('cell.title')}>
          <ServerCell registration={server.registration} name={server.name} />
        </Part>
      )}
      <Part title={t('servers.grade.title')}>
        <ServerGrade server={server} />
      </Part>
      <Part title={t('servers.plan.command')}>
        <ExactBlock text={server.command} label={t('servers.plan.command')} />
      </Part>
      <Part title={t('servers.usage')}>
        <ServerUsage server={server} />
      </Part>
      {server.origin !== 'remote' && (
        <Part title={t('servers.usual')}>
          <ServerBehaviour server={server} />
        </Part>
      )}
      <Part title={t('limits.title')}>
        <p className="mb-2 text-sm text-muted">{t('limits.text')}</p>
        <QuotaList holder="server" name={server.name} />
      </Part>
      <Part title={t('secrets.title')}>
        <ServerSecrets server={server} />
      </Part>
      <ServerIncidents server={server} />
      <Facts
        facts={[
          [t('column.state'), <ServerState key="state" state={server.state} signIn={server.signIn} />],
          [t('servers.plan.sandbox'), <SandboxBadge key="sandbox" level={server.sandbox} origin={server.origin} />],
          [t('servers.confinement'), server.confinement],
          [t('servers.limits'), server.limits],
          [
            t('servers.plan.environment'),
            <code key="env" className="font-mono text-xs">
              {server.envNames.join(', ') || t('none')}
            </code>,
          ],
          [t('servers.processes'), server.pids.join(', ') || t('servers.processes.none')],
          [t('servers.addedAt'), date(server.addedAt)],
        ]}
      />
    </div>
  )
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div>
      <h3 className="mb-1.5 text-sm font-semibold">{title}</h3>
      {children}
    </div>
  )
}

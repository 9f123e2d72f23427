import { Boxes, ClipboardPaste, Globe, Plus } from 'lucide-react'
import { memo } from 'react'
import { defaultWorkspace } from '../../../shared/domain/ids.ts'
import { useMirrored } from '../../app/gatehouse-context.tsx'
import { ReadingView } from '../../app/reading-view.tsx'
import { go, routeTo } from '../../app/route.ts'
import type { ServerSummary } from '../../app/store.ts'
import { useWords } from '../../app/words.tsx'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { ExactText } from '../../ui/exact-text.tsx'
import { useGradually } from '../../ui/gradually.ts'
import { Empty } from '../../ui/notice.tsx'
import { Page } from '../../ui/page.tsx'
import { AddBundleDialog } from './add-bundle-dialog.tsx'
import { AddRemoteDialog } from './add-remote-dialog.tsx'
import { AddServerDialog } from './add-server-dialog.tsx'
import { PasteDialog } from './paste-dialog.tsx'
import { RefusedHosts } from './refused-hosts.tsx'
import { SandboxBadge } from './sandbox-field.tsx'
import { CellBadge } from './server-cell.tsx'
import { ServerDetailSheet } from './server-detail-sheet.tsx'
import { GradeBadge } from './server-grade.tsx'
import { ServerState } from './server-state.tsx'
import { UsageGlance, useUsages } from './server-usage.tsx'
import { SignInNotice } from './sign-in.tsx'
import { TrustedKeysDialog } from './trusted-keys.tsx'

export type AddWay = 'command' | 'bundle' | 'address' | 'paste'

/** In the place of a server in an address; no server is called so. */
const keysPlace = 'keys:'

/** The hosted servers: what each is, how it is confined, whether it works. */
export function ServersScreen({ selected, entry }: { selected: string | undefined; entry: string | undefined }) {
  const { t } = useWords()
  const servers = useMirrored('servers')
  const [, adding] = /^add:(.+)$/.exec(selected ?? '') ?? []
  const setAdding = (way: AddWay) => go('servers', `add:${way}`)
  const close = () => go('servers')
  const added = (name: string) => go('servers', name)
  const add = (
    <span className="flex flex-wrap gap-2">
      <Button
        look="plain"
        icon={<ClipboardPaste aria-hidden="true" className="size-4" />}
        onClick={() => setAdding('paste')}
      >
        {t('paste.add')}
      </Button>
      <Button look="plain" icon={<Globe aria-hidden="true" className="size-4" />} onClick={() => setAdding('address')}>
        {t('remote.add')}
      </Button>
      <Button look="primary" icon={<Plus aria-hidden="true" className="size-4" />} onClick={() => setAdding('command')}>
        {t('servers.add')}
      </Button>
    </span>
  )
  return (
    <Page title={t('nav.servers')} lead={t('servers.lead')} actions={(servers.value?.length ?? 0) > 0 && add}>
      <div className="mb-4 space-y-2 empty:hidden">
        <RefusedHosts />
        <GradesFailure />
      </div>
      <ReadingView reading={servers}>
        {(known) =>
          known.length === 0 ? (
            <Empty icon={<Boxes />} title={t('servers.none.title')} action={add}>
              {t('servers.none.text')}
            </Empty>
          ) : (
            <Cards servers={known} />
          )
        }
      </ReadingView>
      <p className="mt-6">
        <a
          href={routeTo('servers', keysPlace)}
          className="text-sm font-medium text-accent underline underline-offset-4"
        >
          {t('trusted-keys.open')}
        </a>
      </p>
      {selected === keysPlace && <TrustedKeysDialog onClose={close} />}
      {adding === 'command' && <AddServerDialog onClose={close} onAdded={added} onBundle={() => setAdding('bundle')} />}
      {adding === 'bundle' && <AddBundleDialog onClose={close} onAdded={added} />}
      {adding === 'paste' && <PasteDialog onClose={close} onAdded={added} />}
      {adding === 'address' && <AddRemoteDialog onClose={close} onAdded={added} />}
      {selected !== undefined && !adding && selected !== keysPlace && (
        <ServerDetailSheet key={`${selected} ${entry}`} name={selected} entry={entry} onClose={() => go('servers')} />
      )}
    </Page>
  )
}

function Cards({ servers }: { servers: readonly ServerSummary[] }) {
  const usages = useUsages()
  const drawn = useGradually(servers.length)
  return (
    <ul className="grid gap-4 min-[120rem]:grid-cols-3 lg:grid-cols-2">
      {servers.slice(0, drawn).map((server) => (
        <ServerCard key={server.name} server={server} usage={usages.get(server.name)} />
      ))}
    </ul>
  )
}

/** Why the cards have no grades, when they could not be read. */
function GradesFailure() {
  const grades = useMirrored('grades')
  return grades.failure === undefined ? null : <ReadingView reading={grades}>{() => null}</ReadingView>
}

type Samples = ReturnType<ReturnType<typeof useUsages>['get']>

const ServerCard = memo(function ServerCard({ server, usage }: { server: ServerSummary; usage: Samples }) {
  const { t } = useWords()
  return (
    <li className="relative flex flex-col gap-3 rounded-xl border border-line bg-surface p-5 shadow-card transition-colors hover:border-edge">
      <div className="flex items-start justify-between gap-3">
        <h2 className="font-serif text-lg font-semibold">
          <a href={routeTo('servers', server.name)} className="after:absolute after:inset-0 after:rounded-xl">
            {server.name}
          </a>
        </h2>
        <ServerState state={server.state} signIn={server.signIn} />
      </div>
      <div className="flex flex-wrap gap-2">
        <SandboxBadge level={server.sandbox} origin={server.origin} />
        {server.workspace !== defaultWorkspace && <Badge tone="accent">{server.workspace}</Badge>}
        <Badge>{t('servers.tools', { count: server.tools })}</Badge>
        {server.origin === 'bundled' && <Badge tone="accent">{t('servers.bundled')}</Badge>}
        {server.trusted && <Badge tone="warn">{t('servers.trusted')}</Badge>}
        <CellBadge cell={server.cell} />
        {server.cell?.update && <Badge tone="accent">{t('cell.update.short', { latest: server.cell.update })}</Badge>}
        <GradeBadge server={server.name} />
        {(server.warningCount ?? 0) > 0 && (
          <Badge tone="warn">{t('servers.mind', { count: server.warningCount ?? 0 })}</Badge>
        )}
        {server.quarantined > 0 && <Badge tone="warn">{t('servers.held', { count: server.quarantined })}</Badge>}
      </div>
      <code className="block font-mono text-xs break-all text-muted">
        <ExactText text={server.command} />
      </code>
      <SignInNotice server={server} />
      {server.cell?.status === 'suspended' && (
        <p className="text-sm break-words text-danger">
          <ExactText text={t('cell.suspended', { reason: server.cell.reason ?? '' })} />
        </p>
      )}
      {server.problem && !server.signIn && <p className="text-sm break-words text-danger">{server.problem}</p>}
      <UsageGlance samples={usage} />
    </li>
  )
})

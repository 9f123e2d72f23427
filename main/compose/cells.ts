import { join } from 'node:path'
import type { z } from 'zod'
import type { CellShown, cellState } from '../../shared/contract/cells.ts'
import type { StepReport } from '../../shared/domain/cell.ts'
import type { EpochMs, ServerName } from '../../shared/domain/ids.ts'
import type { ServerConfig } from '../../shared/domain/server.ts'
import { stepSentence } from '../../shared/messages/cell-words.ts'
import { told } from '../../shared/messages/finding-words.ts'
import type { Language } from '../../shared/messages/messages.ts'
import type { Catalog } from '../catalog/catalog.ts'
import { analyseCode } from '../cells/analysis/analyse-code.ts'
import type { CellChange } from '../cells/cell-book.ts'
import type { CellRecord } from '../cells/cell-record.ts'
import { CellStore } from '../cells/cell-store.ts'
import { Cells, type CellsParts } from '../cells/cells.ts'
import { type CodePlace, placeOfPackage } from '../cells/code.ts'
import { permissionDiff } from '../cells/permission-diff.ts'
import { Revoked } from '../cells/revoked.ts'
import { CellTokens } from '../cells/token.ts'
import { TrustRoots } from '../cells/trust.ts'
import { findExecutable } from '../supervisor/plan.ts'
import type { ServerStore } from '../supervisor/server-store.ts'
import type { Foundation } from './foundation.ts'

/** What is kept of cells. */
export interface CellBooks {
  readonly store: CellStore
  readonly trust: TrustRoots
  readonly revoked: Revoked
}

export async function openCellBooks({ store, seal, ring, forged }: Foundation): Promise<CellBooks> {
  const cells = new CellStore(store.db, seal, (what) =>
    forged.found(`What is known of the cell “${what}” was changed outside Gatehouse and counts for nothing.`),
  )
  const name = 'revoked-cells'
  const revoked = await Revoked.open(cells, {
    load: async () => JSON.parse((await ring.get(name))?.toString() ?? '[]') as string[],
    save: async (hashes) => ring.set(name, Buffer.from(JSON.stringify(hashes))),
  })
  return { store: cells, trust: new TrustRoots(cells, Date.now), revoked }
}

export interface CellSurroundings {
  /** Decoys a server touched since a time. */
  readonly decoysTouched: NonNullable<CellsParts['decoysTouched']>
  readonly servers: ServerStore
  readonly catalog: Catalog
  readonly packages: { folderOf(server: ServerName): string }
  /** Folder of the bundled servers’ code. */
  readonly bundles: string
  readonly reader: { readonly node: string; readonly script: string }
  readonly end: (server: ServerName) => Promise<void>
  readonly announce: (server: ServerName) => void
}

export function buildCells(base: Foundation, books: CellBooks, around: CellSurroundings): Cells {
  const verifyEveryMs = base.config.cells.verifyHours * 3_600_000
  return new Cells({
    ...books,
    tokens: new CellTokens(base.keys.audit, 2 * verifyEveryMs),
    servers: around.servers,
    place: (server) => placeOf(server, around),
    entries: (name) => around.catalog.entries(name),
    analyse: (code) => analyseCode(code, around.reader),
    onChange: (change) => {
      base.audit.append(changeEvent(change))
      const told = change.detail === around.servers.get(change.server)?.disabledReason // by what switched it off
      if (!told && (change.status === 'suspended' || change.status === 'revoked' || change.status === 'update'))
        base.notice(change.status === 'update' ? 'info' : 'problem', sentenceOf(change))
      around.announce(change.server)
    },
    end: (name) => around.end(name).catch((error) => base.log.error({ err: error }, 'a server could not be ended')),
    together: (writes) => base.store.db.transaction(writes)(),
    verifyEveryMs,
    decoysTouched: around.decoysTouched,
  })
}

function placeOf(server: ServerConfig, { packages, bundles }: CellSurroundings): CodePlace {
  const { origin } = server
  switch (origin.kind) {
    case 'bundled':
      return { kind: 'file', file: join(bundles, `${origin.bundle}.js`) }
    case 'package':
      return placeOfPackage(packages.folderOf(server.name), origin.installed?.entry)
    case 'command': {
      if (origin.bundle) return { kind: 'folder', folder: origin.bundle.folder, own: '' }
      const executable = findExecutable(origin.command, process.env.PATH ?? '') ?? ''
      return { kind: 'command', executable, args: origin.args }
    }
    case 'remote':
      return { kind: 'nowhere' }
  }
}

const severities: Readonly<Record<CellChange['status'], 'info' | 'notice' | 'warning' | 'critical'>> = {
  pending: 'info',
  verified: 'info',
  active: 'notice',
  changed: 'notice',
  update: 'info',
  refused: 'warning',
  suspended: 'warning',
  revoked: 'critical',
}

/** What happened to a server's cell, before what is to be said of it. */
const words: Readonly<Record<CellChange['status'], string>> = {
  pending: 'waits to be registered: ',
  verified: 'was verified: ',
  active: 'is in use: ',
  changed: 'has a new manifest: ',
  update: 'has an update: ',
  refused: 'was not registered: ',
  suspended: 'is suspended. ',
  revoked: 'is revoked. ',
}

const sentenceOf = ({ server, status, detail }: CellChange) => `“${server}” ${words[status]}${detail}`

const changeEvent = (change: CellChange) => ({
  action: `cell.${change.status}`,
  severity: severities[change.status],
  summary: sentenceOf(change),
  server: change.server,
})

/** How a cell stands, for a server's card. */
export function cellStateOf(cells: Cells, server: ServerConfig): z.input<typeof cellState> {
  const { status, reason } = cells.stateOf(server)
  const update = cells.get(server.name)?.update
  return {
    status,
    ...(reason === '' ? {} : { reason }),
    ...(update && update.latest !== update.installed ? { update: update.latest } : {}),
  }
}

export const shownSteps = (report: readonly StepReport[], language: Language) =>
  report.map((one) => ({ step: one.step, outcome: one.outcome, reason: stepSentence(one, language) }))

/** A cell as the contract has it. */
export function shownCell(record: CellRecord, language: Language): CellShown {
  const { manifest, code, fingerprint, before } = record
  const changed = before && permissionDiff(before, manifest)
  return {
    server: record.server,
    status: record.status,
    ...(record.reason === undefined ? {} : { reason: record.reason }),
    hash: manifest.identity.hash,
    version: manifest.identity.version,
    author: manifest.identity.author,
    ...(record.signedBy === undefined ? {} : { signedBy: record.signedBy }),
    report: shownSteps(record.report, language),
    findings: record.findings.map((finding) => told(finding, language)),
    code: { checksum: code.checksum, files: code.count, covered: code.covered },
    ...(fingerprint ? { fingerprint } : {}),
    ...(record.token === undefined ? {} : { token: record.token }),
    registeredAt: record.registeredAt as EpochMs,
    verifiedAt: record.verifiedAt as EpochMs,
    ...(record.update ? { update: record.update } : {}),
    ...(changed ? { changed: { added: [...changed.added], removed: [...changed.removed] } } : {}),
  }
}

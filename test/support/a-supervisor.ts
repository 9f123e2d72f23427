import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { Catalog } from '../../main/catalog/catalog.ts'
import { PinStore } from '../../main/catalog/pin-store.ts'
import { ViewStore } from '../../main/catalog/view-store.ts'
import { Views } from '../../main/catalog/views.ts'
import type { Equipped } from '../../main/kernel/exchange.ts'
import type { Sandbox } from '../../main/sandbox/sandbox.ts'
import { openDatabase } from '../../main/store/database.ts'
import { rowSeal } from '../../main/store/row-seal.ts'
import { ServerAdministration } from '../../main/supervisor/administration.ts'
import type { OwnTools } from '../../main/supervisor/hosts/own-host.ts'
import { remoteConfigOf } from '../../main/supervisor/remote/remote-plan.ts'
import { ServerStore } from '../../main/supervisor/server-store.ts'
import { Supervisor, type SupervisorLimits, type SupervisorParts } from '../../main/supervisor/supervisor.ts'
import type { Person } from '../../main/supervisor/to-client.ts'
import type { RemoteDraft } from '../../shared/contract/remote.ts'
import type { ServerDraft } from '../../shared/contract/servers.ts'
import type { ClientPeer, ExchangeMethod, Session } from '../../shared/domain/call.ts'
import { canonicalJson } from '../../shared/domain/canonical-json.ts'
import {
  type ClientId,
  defaultWorkspace,
  type EpochMs,
  newId,
  type ServerName,
  type SessionId,
} from '../../shared/domain/ids.ts'
import type { JsonObject } from '../../shared/domain/json.ts'
import type { Authorize } from '../../shared/domain/remote.ts'
import type { ActionKind } from '../../shared/domain/verdict.ts'
import { askedFreely } from './asked-freely.ts'
import { levelZeroSandbox } from './level-zero-sandbox.ts'

export const badServer = (name: string) => resolve(import.meta.dirname, 'bad-servers', `${name}.js`)
export const packagedServer = (name: string) =>
  resolve(import.meta.dirname, '../../node_modules/@modelcontextprotocol', name, 'dist/index.js')

interface CallOptions {
  readonly client?: ClientId
  readonly session?: SessionId
  readonly method?: ExchangeMethod
  readonly view?: ServerName
  readonly peer?: Partial<ClientPeer>
  readonly meta?: JsonObject
  readonly extra?: JsonObject
  readonly signal?: AbortSignal
  readonly deadlineMs?: number
  /** What the call was judged to do. */
  readonly action?: ActionKind
  readonly expectContent?: { path: string; sha256: never }
}

/** Real store, catalog, supervisor and processes; the sandbox at level 0 unless one is given. */
export function aSupervisor(
  options: {
    limits?: Partial<SupervisorLimits>
    sandbox?: Sandbox
    ownTools?: OwnTools
    database?: string
    secrets?: Record<string, string>
    authorize?: Authorize
    onTrouble?: SupervisorParts['onTrouble']
    onWiped?: SupervisorParts['onWiped']
    onUsage?: SupervisorParts['onUsage']
    onAnswered?: SupervisorParts['onAnswered']
    person?: Person
  } = {},
) {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-test-'))
  const db = openDatabase(options.database ?? ':memory:')
  const seal = rowSeal(Buffer.alloc(32, 7))
  const store = new ServerStore(db, seal)
  const catalog = new Catalog(new PinStore(db, seal), store, new Views(new ViewStore(db, seal)))
  const sandbox = options.sandbox ?? levelZeroSandbox()
  const watched = new Set<number>()
  const states: string[] = []
  const launch = {
    node: process.execPath,
    bundles: resolve(import.meta.dirname, '../../dist/servers'),
    packages: {
      install: () => Promise.reject(new Error('no packages here')),
      launch: async () => {
        throw new Error('no packages here')
      },
      folderOf: () => '',
      remove: async () => {},
    },
  }
  const supervisor: Supervisor = new Supervisor({
    store,
    sandbox,
    catalog,
    launch,
    warden: { watch: (pid) => watched.add(pid), unwatch: (pid) => watched.delete(pid) },
    lease: async () => options.secrets ?? {},
    ...(options.authorize ? { authorize: () => options.authorize } : {}),
    redact: (text) => text.replaceAll('hunter2-very-secret', '•••'),
    toClient: askedFreely((text) => text.replaceAll('hunter2-very-secret', '•••')),
    ownTools: options.ownTools ?? {},
    clientInfo: { name: 'gatehouse', version: '0.0.0-test' },
    logs: join(folder, 'logs'),
    onChange: (name) => administration.announce(name),
    ...(options.person ? { person: options.person } : {}),
    ...(options.limits ? { limits: options.limits } : {}),
    ...(options.onUsage ? { onUsage: options.onUsage } : {}),
    ...(options.onAnswered ? { onAnswered: options.onAnswered } : {}),
    ...(options.onWiped ? { onWiped: options.onWiped } : {}),
    ...(options.onTrouble ? { onTrouble: options.onTrouble } : {}),
  })
  const administration = new ServerAdministration({
    store,
    supervisor,
    catalog,
    sandbox,
    launch,
    onChange: (summary) => states.push(`${summary.name} ${summary.state}`),
    onRemoved: () => {},
  })
  const session = newId('session')
  const client = newId('client')
  return {
    db,
    store,
    catalog,
    supervisor,
    administration,
    watched,
    states,
    folder,
    session,
    add: (name: string, args: readonly string[], more: Partial<ServerDraft> & { acceptPins?: boolean } = {}) =>
      administration.add({
        name: name as ServerName,
        command: process.execPath,
        args: [...args],
        sandbox: 0,
        acceptPins: true,
        ...more,
      }),
    addRemote: (name: string, url: string, more: Partial<RemoteDraft> = {}) =>
      administration.addRemote(
        remoteConfigOf({ name: name as ServerName, url, transport: 'detect', headers: [], ...more }, 0 as EpochMs),
        true,
        async () => {},
      ),
    call: (target: string, args: JsonObject = {}, given: CallOptions = {}) => {
      const of: Session = {
        id: given.session ?? session,
        client: given.client ?? client,
        workspace: defaultWorkspace,
        door: 'bridge',
        state: 'active',
      }
      const method = given.method ?? 'tools/call'
      const resolved = catalog.resolve({
        method,
        target,
        client: { name: 'editor' },
        session: of,
        ...(given.view ? { view: given.view } : {}),
        ...(given.extra ? { extra: given.extra } : {}),
      })
      return supervisor.dispatch({
        ...resolved,
        callId: newId('call'),
        client: { id: of.client, name: 'editor' },
        session: of,
        method,
        target,
        arguments: args,
        canonical: canonicalJson(args),
        verdict: { effect: 'allow', rule: '', reasons: [], action: given.action ?? 'unknown', risk: 'low' },
        meta: given.meta,
        extra: given.extra,
        secrets: options.secrets ?? {},
        signal: given.signal ?? new AbortController().signal,
        deadline: AbortSignal.timeout(given.deadlineMs ?? 15_000),
        deadlineMs: given.deadlineMs ?? 15_000,
        clearance: { by: 'rule', ...(given.expectContent ? { expectContent: given.expectContent } : {}) },
        peer: {
          protocol: '2025-11-25',
          capabilities: {},
          progress: () => {},
          request: () => Promise.reject(new Error('nobody answers')),
          notify: () => {},
          ...given.peer,
        },
      } as unknown as Equipped)
    },
    end: async () => {
      await supervisor.stopAll()
      db.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** The text of a tool's first content part. */
export function textOf(reply: { kind: string; result?: JsonObject }): string {
  const content = reply.result?.content as unknown as { text: string }[]
  return content[0]?.text ?? ''
}

import { join } from 'node:path'
import { type Audit, openAudit } from '../audit/audit.ts'
import { Refusals } from '../audit/refusals.ts'
import type { OutsideConfig } from '../config/config.ts'
import { Configuration } from '../config/configuration.ts'
import type { Paths } from '../config/paths.ts'
import { Credentials } from '../credentials/credentials.ts'
import type { KeyRing } from '../credentials/key-ring.ts'
import { type MasterKeys, masterKeys } from '../credentials/master-keys.ts'
import { Operator } from '../credentials/operator.ts'
import { Events } from '../events/events.ts'
import { SecretScanner, spellings } from '../filters/secret-scanner.ts'
import { DataKeys } from '../store/data-keys.ts'
import { sealedMigrations } from '../store/migrations/sealed-migrations.ts'
import { type RowSeal, rowSeal } from '../store/row-seal.ts'
import { SealedTables, type TableFault } from '../store/sealed-tables.ts'
import { SettingsStore } from '../store/settings-store.ts'
import type { Store } from '../store/store.ts'
import { destroyUnusedKeys } from '../store/unused-keys.ts'
import { CallMeter } from '../telemetry/call-meter.ts'
import { type Log, openLog } from '../telemetry/log.ts'
import { Traces } from '../telemetry/traces.ts'
import { announceGrowth } from './audit-growth.ts'
import { keepRetention } from './audit-retention.ts'
import { Forged } from './forged.ts'
import { anchorPlace, tamperedNotice } from './integrity.ts'
import { NarrowingTables } from './narrowing.ts'
import { Violated } from './violated.ts'

/** What every area stands on: data, keys, the record, the log. */
export interface Foundation {
  readonly paths: Paths
  readonly config: Configuration
  readonly store: Store
  readonly ring: KeyRing
  readonly keys: MasterKeys
  readonly cipher: DataKeys
  readonly seal: RowSeal
  /** Whether the tables that give rights are as they were left. */
  readonly tables: SealedTables
  /** Those among them that take away. */
  readonly narrowing: NarrowingTables
  /** Single records that somebody wrote without the key. */
  readonly forged: Forged
  readonly settings: SettingsStore
  readonly credentials: Credentials
  readonly operator: Operator
  readonly audit: Audit
  readonly refusals: Refusals
  readonly events: Events
  readonly log: Log
  /** What calls are counted and timed by. */
  readonly meter: CallMeter
  readonly traces: Traces
  readonly violated: Violated
  /** Known secrets in a text become a mark. */
  readonly redact: (text: string) => string
  /** What the person should know since the start; newest last. */
  readonly notices: string[]
  readonly notice: (level: 'info' | 'warning' | 'problem', text: string) => void
  close(): Promise<void>
}

export async function layFoundation(
  paths: Paths,
  outside: OutsideConfig,
  store: Store,
  ring: KeyRing,
): Promise<Foundation> {
  const keys = await masterKeys(ring, store.fresh)
  const seal = rowSeal(keys.rows)
  const settings = new SettingsStore(store.db, seal)
  const config = new Configuration(outside, {
    read: () => settings.current.config,
    write: (chosen) => settings.change({ config: { ...chosen } }),
  })
  const cipher = await DataKeys.open(join(paths.home, 'data-keys.json'), keys.data)
  const credentials = await Credentials.open(store.db, ring)
  const redact = redactor(credentials)
  const { log, close: closeLog } = openLog(paths.logs, config.logLevel, redact)
  const events = new Events((error) => log.error({ err: error }, 'a listener failed'))
  const notices: string[] = []
  const notice: Foundation['notice'] = (level, text) => {
    notices.push(text)
    log[level === 'info' ? 'info' : 'warn']({ notice: text }, 'notice')
    events.emit('system.noticed', { level, text })
  }
  const narrowing = new NarrowingTables(store.db, seal, cipher, settings)
  let tellTampered = (_faults: readonly TableFault[]) => {}
  const tables = await SealedTables.open({
    db: store.db,
    key: keys.rows,
    file: paths.database,
    anchors: ring,
    ...anchorPlace(ring),
    migrations: { steps: sealedMigrations, seal },
    edited: narrowing.edited,
    onFault: (faults) => tellTampered(faults),
    onProblem: (problem) => log.warn({ problem }, 'the state of the database could not be anchored'),
  })
  const violated = new Violated()
  const audit = await openAudit({
    folder: paths.audit,
    db: store.db,
    keys: { cipher, signing: keys.audit, anchors: ring },
    onCall: (call) => events.emit('sessions.called', call),
    isWatched: () => events.isWatched('sessions.called'),
    onEvent: violated.note,
    onNotice: (text) => notice('problem', text),
    onUnexpected: (reference, error) => log.error({ reference, err: error }, 'unexpected'),
  })
  tellTampered = (faults) => {
    const text = tamperedNotice(faults)
    audit.append({ action: 'integrity.fault', severity: 'critical', summary: text, code: 'store.tampered' })
    notice('problem', text)
  }
  if (tables.faults.length > 0) tellTampered(tables.faults)
  const endAnnouncing = announceGrowth(audit, events)
  const refusals = new Refusals(
    (event) => void audit.append(event),
    (error) => log.warn({ err: error }, 'a refusal could not be recorded'),
  )
  const keptThings = { db: store.db, folders: [paths.audit, paths.memory] }
  const endRetention = keepRetention(audit, settings, log, () => destroyUnusedKeys(cipher, keptThings))
  const close = async () => {
    endRetention()
    endAnnouncing()
    refusals.stop()
    await tables.stop()
    await audit.stop()
    store.close()
    closeLog()
  }
  return {
    paths,
    config,
    store,
    ring,
    keys,
    cipher,
    seal,
    tables,
    narrowing,
    forged: new Forged(audit, notice),
    settings,
    credentials,
    operator: new Operator(ring, Date.now, (carrier) => refusals.note(wrongPassphrase(carrier))),
    audit,
    refusals,
    events,
    log,
    meter: new CallMeter(),
    traces: new Traces(),
    violated,
    redact,
    notices,
    notice,
    close,
  }
}

const wrongPassphrase = (carrier = 'no carrier named') => ({
  action: 'operator.refused',
  what: `gave a wrong operator passphrase (${carrier})`,
  code: 'operator.wrong',
})

/** Made anew only when the secrets change; costs nothing while there are none. */
function redactor(credentials: Credentials): (text: string) => string {
  let scanner: SecretScanner | undefined
  let of: readonly string[] | undefined
  return (text) => {
    const values = credentials.knownValues()
    if (values.length === 0) return text
    if (values !== of) {
      scanner = new SecretScanner(values.flatMap(spellings))
      of = values
    }
    return scanner?.redact(text) ?? text
  }
}

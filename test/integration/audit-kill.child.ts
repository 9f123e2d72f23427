import { writeSync } from 'node:fs'
import { join } from 'node:path'
import { type Audit, openAudit } from '../../main/audit/audit.ts'
import { pathsIn } from '../../main/config/paths.ts'
import { openKeyRing } from '../../main/credentials/key-ring.ts'
import { masterKeys } from '../../main/credentials/master-keys.ts'
import { DataKeys } from '../../main/store/data-keys.ts'
import { openStore, type Store } from '../../main/store/store.ts'
import { aCall, answer } from '../audit/audit-fixture.ts'

/** The real store, key ring and log of a data folder; `mayCreate` says that it may be new. */
export async function openLog(
  home: string,
  mayCreate: boolean,
): Promise<{ audit: Audit; store: Store; notices: string[] }> {
  const paths = pathsIn(home, { XDG_CACHE_HOME: join(home, 'cache') })
  const store = openStore(paths)
  const ring = await openKeyRing({ mode: 'file', vaultFile: paths.vault, passphrase: 'correct horse' })
  const keys = await masterKeys(ring, mayCreate)
  const cipher = await DataKeys.open(join(home, 'data-keys.json'), keys.data)
  const notices: string[] = []
  const audit = await openAudit({
    folder: paths.audit,
    db: store.db,
    keys: { cipher, signing: keys.audit, anchors: ring },
    onNotice: (text) => notices.push(text),
    largestSegmentBytes: 1024 * 1024,
  })
  return { audit, store, notices }
}

/** Makes calls until it is killed; names each on standard output only once it was answered. */
async function callForEver(home: string): Promise<void> {
  const { audit } = await openLog(home, true)
  writeSync(1, 'ready\n')
  const text = 'x'.repeat(2000)
  const worker = async () => {
    for (;;) {
      const call = aCall({ client: 'Editor', decision: 'allow', arguments: { text } })
      await audit.recorded(call, async () => {
        audit.intend(call)
        await new Promise((turn) => setImmediate(turn))
        return answer
      })
      writeSync(1, `${call.callId}\n`)
    }
  }
  await Promise.all([worker(), worker(), worker(), worker()])
}

/** Records, erases all but the newest 40 and gives their room back, over and over, until it is killed. */
async function reclaimForEver(home: string): Promise<void> {
  const { audit } = await openLog(home, true)
  writeSync(1, 'ready\n')
  const contents = { text: 'x'.repeat(30_000) }
  for (;;) {
    for (let n = 0; n < 40; n++) audit.append({ action: 'test', severity: 'info', summary: 'an entry', contents })
    const newest = audit.size
    const old = audit.list({ limit: 500 }).entries.filter(({ seq, erased }) => !erased && seq <= newest - 40)
    await audit.eraseEntries(
      old.map(({ seq }) => seq),
      'the test asked for it',
    )
    writeSync(1, `${await audit.reclaim()}\n`)
  }
}

const [, , home, doing] = process.argv
if (home && process.argv[1]?.endsWith('audit-kill.child.ts'))
  await (doing === 'reclaim' ? reclaimForEver(home) : callForEver(home))

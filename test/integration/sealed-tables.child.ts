import { openKeyRing } from '../../main/credentials/key-ring.ts'
import { masterKeys } from '../../main/credentials/master-keys.ts'
import { openDatabase } from '../../main/store/database.ts'
import { rowSeal } from '../../main/store/row-seal.ts'
import { SealedTables } from '../../main/store/sealed-tables.ts'

/** `write`: changes rows until it is killed. `check`: says whether the tables are sound, and how many rows there are. */
const [vaultFile = '', file = '', verb = ''] = process.argv.slice(2)
const ring = await openKeyRing({ mode: 'system', vaultFile, patienceMs: 2000 })
const db = openDatabase(file)
const { rows: key } = await masterKeys(ring, true)
const seal = rowSeal(key)
const tables = await SealedTables.open({ db, key, file, anchors: ring })
const put = db.prepare('INSERT OR REPLACE INTO setting VALUES (?, ?, ?)')
const count = () => db.prepare<[], number>('SELECT count(*) FROM setting').pluck().get()

if (verb === 'check') {
  process.stdout.write(`${JSON.stringify({ sound: tables.isSound(), faults: tables.faults, rows: count() })}\n`)
  db.close() // so that the file alone is the whole database
  process.exit(0)
}
process.stderr.write('writing\n')
for (let n = count() ?? 0; ; n++) {
  const fields = { key: `row ${n}`, value: 'x' }
  put.run(fields.key, fields.value, seal.seal('setting', fields))
  if (n % 3 === 2) db.prepare('DELETE FROM setting WHERE key = ?').run(`row ${n - 1}`)
  await (n % 5 === 0 ? tables.settled() : new Promise((turn) => setImmediate(turn)))
}

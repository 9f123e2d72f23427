/**
 * How fast the audit log takes entries: a call with an effect (an intent and an outcome with encrypted contents), each
 * a durable write. To hold: at least 10 000 entries a second.
 */
import { aCall, anAuditFolder } from '../audit/audit-fixture.ts'

const calls = Number(process.argv[2] ?? 20_000)
const sizes = { '1 KB': 1024, '100 KB': 100 * 1024 }

async function measure(sizeBytes: number, count: number) {
  const place = anAuditFolder()
  const audit = await place.open()
  const text = 'x'.repeat(sizeBytes)
  const one = async () => {
    const call = aCall({ client: 'Editor', decision: 'allow', arguments: { text } })
    await audit.recorded(call, async () => {
      audit.intend(call)
      return { kind: 'result', result: { content: [{ type: 'text', text }] } }
    })
  }
  for (let i = 0; i < count / 10; i++) await one()
  const processorBefore = process.cpuUsage()
  const started = performance.now()
  for (let i = 0; i < count; i++) {
    await one()
    if (i % 64 === 0) await new Promise((turn) => setImmediate(turn))
  }
  const tookMs = performance.now() - started
  const processor = process.cpuUsage(processorBefore)
  const verifying = performance.now()
  const verdict = await audit.verify()
  const verifiedMs = performance.now() - verifying
  await audit.stop()
  place.remove()
  return {
    entriesPerSecond: Math.round((2 * count * 1000) / tookMs),
    microsecondsPerEntry: Math.round((tookMs * 1000) / (2 * count)),
    processorMicrosecondsPerEntry: Math.round((processor.user + processor.system) / (2 * count)),
    verifiedPerSecond: Math.round((verdict.checked * 1000) / verifiedMs),
    valid: verdict.valid,
  }
}

const results: Record<string, Awaited<ReturnType<typeof measure>>> = {}
for (const [name, size] of Object.entries(sizes))
  results[name] = await measure(size, size > 10_000 ? calls / 20 : calls)
console.table(results)
console.log(JSON.stringify(results))

import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type CellManifest, cellManifest } from '../../shared/contract/cell-manifest.ts'
import type { CatalogEntry } from '../../shared/domain/catalog.ts'
import { registrationSteps, type StepReason, type StepReport } from '../../shared/domain/cell.ts'
import { type Finding, isGrave } from '../../shared/domain/finding.ts'
import type { ServerName } from '../../shared/domain/ids.ts'
import { cellFailed, GatehouseError } from '../../shared/errors.ts'
import { manifestFile } from '../../shared/wire/cell-files.ts'
import { isSignedRightly } from '../../shared/wire/cell-signature.ts'
import type { CodePlace } from './code.ts'
import { isDeclared } from './declared.ts'
import type { TrustRoots } from './trust.ts'

/** What a trial run showed. */
export interface TrialSeen {
  readonly startMs: number
  readonly listMs: number
  readonly listBytes: number
  /** Of its whole process tree since it started; absent where nothing can be measured. */
  readonly used?: {
    readonly cpuSeconds: number
    readonly memoryBytes: number
    readonly readBytes: number
    readonly writtenBytes: number
    readonly processes: number
  }
  /** Hosts it tried to reach and was refused. */
  readonly refusedHosts: readonly string[]
}

type Step = StepReport['step']
export const step = (
  name: Step,
  outcome: StepReport['outcome'],
  reason: StepReason,
  params: Readonly<Record<string, string>> = {},
): StepReport => ({ step: name, outcome, reason, params })

/** The steps of one registration, as far as it came. */
export class StepsTaken {
  readonly reached: StepReport[] = []
  constructor(readonly server: ServerName) {}

  /** @throws cell.failed where the step failed */
  pass(report: StepReport): void {
    this.reached.push(report)
    if (report.outcome === 'failed') throw cellFailed(this.server, report.step, report.reason, report.params)
  }
}

/** Every step in order; those after a failure say that they were not reached. */
export const wholeReport = (reached: readonly StepReport[]): StepReport[] =>
  registrationSteps.map((name) => reached.find((one) => one.step === name) ?? step(name, 'skipped', 'not-reached'))

export interface AuthorsManifest {
  readonly manifest?: CellManifest
  /** The name of the trusted key that signed it. */
  readonly signedBy?: string
  readonly report: StepReport
}

/** Step 1: the manifest beside the code, if there is one, and whose signature it bears. */
export async function checkSignature(place: CodePlace, folder: string, trust: TrustRoots): Promise<AuthorsManifest> {
  if (place.kind === 'file') return { report: step('signature', 'ok', 'signature.bundled') }
  const text = folder === '' ? undefined : await readFile(join(folder, manifestFile), 'utf8').catch(() => undefined)
  return judgeManifest(text, trust)
}

/** Whose signature the text of a manifest bears. */
export function judgeManifest(text: string | undefined, trust: Pick<TrustRoots, 'find'>): AuthorsManifest {
  if (text === undefined) return { report: step('signature', 'skipped', 'signature.unsigned') }
  const parsed = parse(text)
  if (parsed === 'other') return { report: step('signature', 'skipped', 'signature.unsigned') }
  if (parsed === 'malformed') return { report: step('signature', 'failed', 'signature.malformed') }
  if (parsed.signature === undefined)
    return { manifest: parsed, report: step('signature', 'skipped', 'signature.unsigned') }
  if (!isSignedRightly(parsed)) return { manifest: parsed, report: step('signature', 'failed', 'signature.wrong') }
  const root = trust.find(parsed.signature.keyId, parsed.signature.publicKey)
  const params = { key: root?.name ?? parsed.signature.keyId }
  return root
    ? { manifest: parsed, signedBy: root.name, report: step('signature', 'ok', 'signature.good', params) }
    : { manifest: parsed, report: step('signature', 'skipped', 'signature.unknown-key', params) }
}

/** A file of that name that is nobody's manifest is none; one that bears a signature must be one. */
function parse(text: string): CellManifest | 'other' | 'malformed' {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return text.includes('"signature"') ? 'malformed' : 'other'
  }
  const parsed = cellManifest.safeParse(value)
  if (parsed.success) return parsed.data
  return typeof value === 'object' && value !== null && 'signature' in value ? 'malformed' : 'other'
}

/** Step 2. @param own the checksum of the cell's own files, which its manifest names */
export function checkIntegrity(
  manifest: CellManifest | undefined,
  own: string,
  code: { readonly count: number; readonly covered: 'all' | 'part' | 'none' },
  isRemote: boolean,
): StepReport {
  if (isRemote) return step('integrity', 'skipped', 'integrity.remote')
  const params = { count: String(code.count) }
  if (manifest !== undefined)
    return manifest.code.checksum === own
      ? step('integrity', 'ok', 'integrity.matches', params)
      : step('integrity', 'failed', 'integrity.differs', params)
  if (code.covered === 'none') return step('integrity', 'skipped', 'integrity.no-files')
  return step('integrity', 'ok', code.covered === 'all' ? 'integrity.recorded' : 'integrity.partly', params)
}

/** Step 3. */
export function judgeAnalysis(findings: readonly Finding[] | undefined, accepted: boolean): StepReport {
  if (findings === undefined) return step('analysis', 'skipped', 'analysis.no-code')
  const grave = findings.filter(isGrave)
  const params = {
    count: String(findings.length),
    what: grave
      .map(({ rule, place }) => `${rule} (${place})`)
      .join(', ')
      .slice(0, 500),
  }
  if (grave.length > 0)
    return accepted
      ? step('analysis', 'ok', 'analysis.accepted', params)
      : step('analysis', 'failed', 'analysis.grave', params)
  return findings.length > 0
    ? step('analysis', 'ok', 'analysis.found', params)
    : step('analysis', 'ok', 'analysis.clean', params)
}

/** Step 4, where it went for what no honest program opens. */
export const judgeDecoys = (decoys: readonly string[]): StepReport =>
  step('trial', 'failed', 'trial.decoy', { what: decoys.join(', ').slice(0, 300) })

/** Step 4, after it started and listed. @param decoys files it must not have touched, and did */
export function judgeTrial(
  seen: TrialSeen,
  manifest: CellManifest | undefined,
  listed: readonly CatalogEntry[],
  decoys: readonly string[],
): StepReport {
  if (decoys.length > 0) return judgeDecoys(decoys)
  const hosts = seen.refusedHosts.join(', ').slice(0, 300)
  if (manifest !== undefined) {
    const undeclared = listed.filter((entry) => !isDeclared(manifest, entry)).map(({ ownName }) => ownName)
    if (undeclared.length > 0)
      return step('trial', 'failed', 'trial.undeclared', { what: undeclared.slice(0, 10).join(', ') })
    const { memory } = manifest.security.resourceLimits
    if (seen.used && memory > 0 && seen.used.memoryBytes > memory)
      return step('trial', 'failed', 'trial.memory', {
        used: megabytes(seen.used.memoryBytes),
        limit: megabytes(memory),
      })
  }
  return hosts === '' ? step('trial', 'ok', 'trial.ok') : step('trial', 'ok', 'trial.refused-hosts', { hosts })
}

/** Step 5. */
export const judgeFingerprint = ({ used, listMs, listBytes }: TrialSeen): StepReport =>
  used === undefined
    ? step('fingerprint', 'skipped', 'fingerprint.unmeasured')
    : step('fingerprint', 'ok', 'fingerprint.measured', {
        cpu: used.cpuSeconds.toFixed(2),
        memory: megabytes(used.memoryBytes),
        ms: String(Math.round(listMs)),
        kb: String(Math.ceil(listBytes / 1024)),
      })

const megabytes = (bytes: number) => String(Math.round(bytes / 1024 ** 2))

/** Why something failed, as the end of a sentence. */
export const problemIn = (error: unknown): string =>
  error instanceof GatehouseError
    ? (error.params.problem ?? error.code)
    : error instanceof Error
      ? error.message
      : String(error)

import type { EpochMs, ServerName, Sha256 } from './ids.ts'

/** @see spec, platform A: pending → verified → active; suspended until reviewed; revoked for good for that hash */
export const cellStatuses = ['pending', 'verified', 'active', 'suspended', 'revoked'] as const
export type CellStatus = (typeof cellStatuses)[number]

/** What a registration does, in order. */
export const registrationSteps = ['signature', 'integrity', 'analysis', 'trial', 'fingerprint', 'registration'] as const
export type RegistrationStep = (typeof registrationSteps)[number]
export const stepOutcomes = ['ok', 'failed', 'skipped'] as const

/** Why a step ended as it did; `shared/messages` has the sentences. */
export const stepReasons = [
  'signature.good',
  'signature.unsigned',
  'signature.bundled',
  'signature.unknown-key',
  'signature.wrong',
  'signature.malformed',
  'signature.revoked',
  'integrity.matches',
  'integrity.recorded',
  'integrity.partly',
  'integrity.differs',
  'integrity.remote',
  'integrity.no-files',
  'analysis.clean',
  'analysis.found',
  'analysis.grave',
  'analysis.squatting',
  'analysis.accepted',
  'analysis.no-code',
  'trial.ok',
  'trial.refused-hosts',
  'trial.failed',
  'trial.undeclared',
  'trial.memory',
  'trial.decoy',
  'fingerprint.measured',
  'fingerprint.unmeasured',
  'registration.done',
  'not-reached',
  'adopted',
] as const
export type StepReason = (typeof stepReasons)[number]

export interface StepReport {
  readonly step: RegistrationStep
  readonly outcome: (typeof stepOutcomes)[number]
  readonly reason: StepReason
  readonly params: Readonly<Record<string, string>>
}

/** What a cell used when it was tried out; later behaviour is compared with it. */
export interface Fingerprint {
  /** Processor seconds until everything was listed. */
  readonly cpuSeconds: number
  readonly memoryBytes: number
  readonly readBytes: number
  readonly writtenBytes: number
  readonly processes: number
  readonly startMs: number
  /** Of one answered list, and how long that was. */
  readonly listMs: number
  readonly listBytes: number
  readonly measuredAt: EpochMs
}

/** A key whose signatures the person trusts. */
export interface TrustRoot {
  /** First 32 hex digits of the SHA-256 of the public key. */
  readonly keyId: string
  readonly name: string
  /** SPKI DER, base64. */
  readonly publicKey: string
  readonly addedAt: EpochMs
}

/** A newer version of a package, told and never installed by itself. */
export interface KnownUpdate {
  readonly installed: string
  readonly latest: string
  readonly checkedAt: EpochMs
}

export type CellServer = ServerName
export type ManifestHash = Sha256

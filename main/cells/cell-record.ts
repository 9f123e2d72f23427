import type { CellManifest } from '../../shared/contract/cell-manifest.ts'
import type { CellStatus, Fingerprint, KnownUpdate, StepReport } from '../../shared/domain/cell.ts'
import type { Finding } from '../../shared/domain/finding.ts'
import type { EpochMs, ServerName } from '../../shared/domain/ids.ts'

/** The code as it was when the cell was registered. */
export interface RegisteredCode {
  readonly checksum: string
  readonly count: number
  readonly covered: 'all' | 'part' | 'none'
  /** Changes whenever a file may have; equal: nothing needs to be read. */
  readonly stamp: string
}

/** One server's cell. */
export interface CellRecord {
  readonly server: ServerName
  readonly manifest: CellManifest
  readonly status: CellStatus
  /** For the person: why it is suspended or revoked. */
  readonly reason?: string
  /** The name of the key that signed it; absent for a manifest Gatehouse wrote. */
  readonly signedBy?: string
  readonly report: readonly StepReport[]
  /** What was found in its code. */
  readonly findings: readonly Finding[]
  readonly code: RegisteredCode
  readonly fingerprint?: Fingerprint
  /** A signed statement that this cell was verified; it expires. */
  readonly token?: string
  readonly registeredAt: EpochMs
  readonly verifiedAt: EpochMs
  /** The manifest before the latest registration, for the difference in what it may do. */
  readonly before?: CellManifest
  readonly update?: KnownUpdate
}

import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { EpochMs } from '../../shared/domain/ids.ts'
import type { RequestKind, RequestOutcome } from '../../shared/domain/privacy.ts'
import { type SubjectWords, sameWords } from '../../shared/domain/subject.ts'
import type { Database, Statement } from '../store/database.ts'

export interface PrivacyRequest {
  readonly id: string
  readonly kind: RequestKind
  /** What the person who took it in calls it; names nobody. */
  readonly called: string
  readonly madeAt: EpochMs
  readonly endedAt?: EpochMs
  readonly outcome?: RequestOutcome
  /** Counts: what was found, erased, kept. */
  readonly summary: RequestSummary
}

export interface RequestSummary {
  readonly found?: number
  readonly erased?: number
  readonly changed?: number
  readonly kept?: number
}

interface Row {
  readonly id: string
  readonly kind: string
  readonly called: string
  readonly salt: Buffer
  readonly subject: Buffer
  readonly made_at: number
  readonly ended_at: number | null
  readonly outcome: string | null
  readonly summary: string
}

/** Owner of the table `privacy_request`: that there was a request, and of the person only a salted, keyed sum. */
export class RequestStore {
  readonly #add: Statement<[Omit<Row, 'ended_at' | 'outcome'>]>
  readonly #end: Statement<[number, string, string, string]>
  readonly #all: Statement<[], Row>

  /** @param key 32 bytes: without it nobody can try names on the sums */
  constructor(
    db: Database,
    private readonly key: Buffer,
    private readonly now: () => number = Date.now,
  ) {
    this.#add = db.prepare(`INSERT INTO privacy_request (id, kind, called, salt, subject, made_at, summary)
      VALUES (@id, @kind, @called, @salt, @subject, @made_at, @summary)`)
    this.#end = db.prepare('UPDATE privacy_request SET ended_at = ?, outcome = ?, summary = ? WHERE id = ?')
    this.#all = db.prepare('SELECT * FROM privacy_request ORDER BY made_at DESC, rowid DESC')
  }

  begin(kind: RequestKind, called: string, words: SubjectWords): string {
    const [id, salt] = [`pr_${randomBytes(8).toString('hex')}`, randomBytes(16)]
    this.#add.run({ id, kind, called, salt, subject: this.#sum(salt, words), made_at: this.now(), summary: '{}' })
    return id
  }

  end(id: string, outcome: RequestOutcome, summary: RequestSummary): void {
    this.#end.run(this.now(), outcome, JSON.stringify(summary), id)
  }

  /** Newest first. A request that was still going on when Gatehouse ended has no end. */
  list = (): PrivacyRequest[] => this.#all.all().map(toRequest)

  /** Requests made of the same person, by the same words. */
  ofSame = (words: SubjectWords): string[] =>
    this.#all.all().flatMap(({ id, salt, subject }) => (timingSafeEqual(this.#sum(salt, words), subject) ? id : []))

  #sum = (salt: Buffer, words: SubjectWords) =>
    createHmac('sha256', this.key).update(salt).update(sameWords(words)).digest()
}

const toRequest = (row: Row): PrivacyRequest => ({
  id: row.id,
  kind: row.kind as RequestKind,
  called: row.called,
  madeAt: row.made_at as EpochMs,
  ...(row.ended_at === null ? {} : { endedAt: row.ended_at as EpochMs }),
  ...(row.outcome === null ? {} : { outcome: row.outcome as RequestOutcome }),
  summary: JSON.parse(row.summary) as RequestSummary,
})

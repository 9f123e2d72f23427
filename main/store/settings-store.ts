import { z } from 'zod'
import { savedFilter } from '../../shared/contract/audit.ts'
import { embedderChoice, windowRule } from '../../shared/contract/memory.ts'
import { usualWindow } from '../../shared/domain/session-context.ts'
import type { Database, Statement } from './database.ts'
import type { RowSeal } from './row-seal.ts'

const schema = z.object({
  firstRunDone: z.boolean().default(false),
  language: z.enum(['en', 'ro']).default('en'),
  theme: z.enum(['system', 'light', 'dark']).default('system'),
  /** Folders the bundled filesystem server may use. */
  filesystemAdded: z.boolean().default(false),
  /** Bundled servers that were added by themselves; before it was kept, that was one. */
  givenServers: z.array(z.string()).default(['filesystem']),
  /** Days the contents of audit entries are kept: 7 years, 2 with personal data. */
  auditDays: z.number().int().min(1).default(2555),
  auditPiiDays: z.number().int().min(1).default(730),
  /** Names of clients whose requests are taken under method names from before the first revision. */
  oldNames: z.array(z.string()).default([]),
  /** What makes the memory’s vectors: texts of concepts go there. */
  memoryEmbedder: embedderChoice.default({ kind: 'built-in' }),
  /** Ids of clients from whose conversations the memory may learn. */
  memoryLearning: z.array(z.string()).default([]),
  /** How much of what it recalled a session holds. */
  memoryWindow: windowRule.default(usualWindow),
  /** What the person looks for in the audit log again and again, by name. */
  auditFilters: z.array(savedFilter).default([]),
  /** What the person set of `config/`, by path. */
  config: z.record(z.string(), z.union([z.number(), z.string()])).default({}),
})
export type Settings = z.output<typeof schema>

interface Row {
  readonly key: string
  readonly value: string
  readonly seal: string
}

/** What the person chose in the window. A row whose seal fails counts as never set. */
export class SettingsStore {
  readonly #all: Statement<[], Row>
  readonly #put: Statement<[string, string, string]>
  readonly #drop: Statement<[string]>
  #current: Settings

  constructor(
    db: Database,
    private readonly seal: RowSeal,
  ) {
    this.#all = db.prepare('SELECT key, value, seal FROM setting')
    this.#put = db.prepare(
      'INSERT INTO setting VALUES (?, ?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value, seal = excluded.seal',
    )
    this.#drop = db.prepare('DELETE FROM setting WHERE key = ?')
    this.#current = this.#read()
  }

  get current(): Settings {
    return this.#current
  }

  change(changes: Partial<Settings>): void {
    for (const [key, value] of Object.entries(changes)) {
      const text = JSON.stringify(value)
      this.#put.run(key, text, this.seal.seal('setting', { key, value: text }))
    }
    this.#current = this.#read()
  }

  /** Keys of those whose seal fails. */
  forged = (): string[] =>
    this.#all
      .all()
      .filter((row) => !this.#holds(row))
      .map(({ key }) => key)

  dropForged(): void {
    for (const key of this.forged()) this.#drop.run(key)
  }

  #holds = ({ key, value, seal }: Row): boolean => this.seal.holds('setting', { key, value }, seal)

  #read(): Settings {
    const rows = this.#all.all().filter(this.#holds)
    const parsed = schema.safeParse(Object.fromEntries(rows.map((row) => [row.key, JSON.parse(row.value)])))
    return parsed.success ? parsed.data : schema.parse({})
  }
}

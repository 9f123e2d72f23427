import type { MemoryFault } from '../../shared/domain/memory.ts'
import type { Graph } from './graph.ts'
import { foldedOf, textsOf } from './text-index.ts'

/** What has to hold between the tables, as a query for what breaks it. */
const mustBeEmpty: readonly { readonly kind: MemoryFault['kind']; readonly problem: string; readonly sql: string }[] = [
  {
    kind: 'dangling',
    problem: 'relations whose ends have no name',
    sql: `SELECT count(*) FROM relation WHERE origin NOT IN (SELECT id FROM node) OR target NOT IN (SELECT id FROM node)`,
  },
  {
    kind: 'dangling',
    problem: 'observations without their concept',
    sql: `SELECT count(*) FROM observation WHERE concept NOT IN (SELECT id FROM concept)`,
  },
  {
    kind: 'dangling',
    problem: 'concepts without a name',
    sql: `SELECT count(*) FROM concept WHERE id NOT IN (SELECT id FROM node)`,
  },
  {
    kind: 'history',
    problem: 'rows of which no write is known',
    sql: `SELECT (SELECT count(*) FROM concept WHERE created_by NOT IN (SELECT id FROM write)
        OR updated_by NOT IN (SELECT id FROM write))
      + (SELECT count(*) FROM observation WHERE by NOT IN (SELECT id FROM write))
      + (SELECT count(*) FROM relation WHERE created_by NOT IN (SELECT id FROM write))
      + (SELECT count(*) FROM change WHERE write NOT IN (SELECT id FROM write))`,
  },
  {
    kind: 'history',
    problem: 'rows without the change that brought them',
    sql: `SELECT (SELECT count(*) FROM concept WHERE NOT EXISTS (SELECT 1 FROM change WHERE kind = 0 AND thing = concept.id))
      + (SELECT count(*) FROM observation WHERE NOT EXISTS (SELECT 1 FROM change WHERE kind = 1 AND thing = observation.id))
      + (SELECT count(*) FROM relation WHERE NOT EXISTS (SELECT 1 FROM change WHERE kind = 2 AND thing = relation.id))`,
  },
  {
    kind: 'history',
    problem: 'writes without a change',
    sql: `SELECT count(*) FROM write WHERE undoes IS NULL AND NOT EXISTS (SELECT 1 FROM change WHERE change.write = write.id)`,
  },
]
/** What is made from concepts, and can be made again: ids that are there and should not be, or are missing. */
const outOfStep = `
  SELECT id FROM (SELECT rowid AS id FROM concept_fts_docsize) WHERE id NOT IN (SELECT id FROM concept)
  UNION SELECT id FROM concept WHERE id NOT IN (SELECT rowid FROM concept_fts_docsize)
  UNION SELECT id FROM concept_text WHERE id NOT IN (SELECT id FROM concept)
  UNION SELECT id FROM concept WHERE id NOT IN (SELECT id FROM concept_text)`

/** Looks for what cannot be. What is made from the rest is made anew; the rest is only told. */
export function checkMemory(graph: Graph): MemoryFault[] {
  const damaged = looksDamaged(graph)
  if (damaged !== 'ok') return [{ kind: 'damaged', problem: damaged, repaired: false }]
  return [...brokenRules(graph), ...brokenTexts(graph), ...brokenVectors(graph), ...brokenCounts(graph)]
}

function looksDamaged({ db, texts }: Graph): string {
  try {
    texts.refresh()
  } catch {
    // said by the check itself
  }
  return String(db.pragma('integrity_check(1)', { simple: true }))
}

function brokenRules({ db }: Graph): MemoryFault[] {
  return mustBeEmpty.flatMap(({ kind, problem, sql }) => {
    const count = db.prepare<[], number>(sql).pluck().get() ?? 0
    return count === 0 ? [] : [{ kind, problem: `${problem}: ${count}`, repaired: false }]
  })
}

function brokenTexts(graph: Graph): MemoryFault[] {
  const { db, texts, tables } = graph
  const broken = new Set(db.prepare<[], number>(outOfStep).pluck().all())
  for (const row of tables.concepts.all()) {
    const right = foldedOf(textsOf(row, tables.concepts.observations(row.id)))
    if (texts.folded(row.id) !== right) broken.add(row.id)
  }
  if (!fullTextIsSound(graph)) for (const { id } of tables.concepts.all()) broken.add(id)
  if (broken.size === 0) return []
  graph.vectors.unsure() // it may be taken back
  db.transaction(() => {
    for (const id of broken) graph.index(id)
  })()
  return [{ kind: 'index', problem: `texts that were not those of their concepts: ${broken.size}`, repaired: true }]
}

function fullTextIsSound({ db }: Graph): boolean {
  try {
    db.exec(`INSERT INTO concept_fts (concept_fts) VALUES ('integrity-check')`)
    return true
  } catch {
    return false
  }
}

/** A missing vector is no fault: it is on its way. */
function brokenVectors({ db, vectors }: Graph): MemoryFault[] {
  const faults: MemoryFault[] = []
  for (const { index } of vectors.all()) {
    const extra = ids(db, `SELECT id FROM vector_${index.generation} WHERE id NOT IN (SELECT id FROM concept)`)
    if (extra.length > 0) {
      db.transaction(() => {
        for (const id of extra) index.drop(id)
      })()
      faults.push({ kind: 'vectors', problem: `vectors of no concept: ${extra.length}`, repaired: true })
    }
    if (index.inStep()) continue
    db.transaction(() => index.rebuild())()
    faults.push({ kind: 'vectors', problem: 'the vector index was not that of the vectors', repaired: true })
  }
  return faults
}

const ids = (db: Graph['db'], sql: string): number[] => db.prepare<[], number>(sql).pluck().all()

function brokenCounts({ counts, tables }: Graph): MemoryFault[] {
  const { concepts, observations } = tables.concepts.counts()
  const right = { concepts, observations, relations: tables.relations.count() }
  const wrong = Object.entries(right).filter(([name, count]) => counts[name as keyof typeof right] !== count)
  Object.assign(counts, right)
  return wrong.map(([name]) => ({ kind: 'count', problem: `${name} were counted wrongly`, repaired: true }))
}

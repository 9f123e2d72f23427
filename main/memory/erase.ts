import type { ConceptRef, Provenance } from '../../shared/domain/memory.ts'
import type { Graph } from './graph.ts'

export type Erased = { readonly concepts: readonly ConceptRef[] } | { readonly client: Provenance['client'] } | 'all'

/**
 * Takes concepts away with their history, observations, relations and every trace of them in the file: what is left is
 * written anew. Of a client: the concepts it brought, and what it said of others.
 *
 * @returns how many concepts were erased
 */
export function erase(graph: Graph, what: Erased): number {
  return takeAway(graph, nodesOf(graph, what), () => {
    if (what === 'all') graph.db.exec('DELETE FROM session_context')
    else if ('client' in what) eraseSayings(graph, what.client)
  })
}

/**
 * Takes names away with all that was ever known of them, and whatever else goes with them.
 *
 * @param also runs within the same transaction
 * @returns how many concepts were erased
 */
export function takeAway(graph: Graph, nodes: readonly number[], also: () => void): number {
  const { db } = graph
  const before = graph.counts.concepts
  graph.vectors.unsure() // it may be taken back
  db.transaction(() => {
    db.exec('CREATE TEMP TABLE gone (id INTEGER PRIMARY KEY)')
    const add = db.prepare<[number]>('INSERT OR IGNORE INTO temp.gone VALUES (?)')
    for (const id of nodes) add.run(id)
    also()
    db.exec(eraseGone)
    const indexed = db.prepare<[], number>('SELECT id FROM temp.gone').pluck().all()
    for (const id of indexed) graph.index(id)
    db.exec(`DELETE FROM node WHERE id IN (SELECT id FROM temp.gone); DROP TABLE temp.gone`)
    db.exec(eraseEmptyWrites)
  }).immediate()
  graph.recount()
  for (const { index } of graph.vectors.all()) index.rebuild()
  graph.texts.settle()
  db.exec('VACUUM')
  db.pragma('wal_checkpoint(TRUNCATE)')
  return before - graph.counts.concepts
}

function nodesOf(graph: Graph, what: Erased): number[] {
  const { db } = graph
  if (what === 'all') return db.prepare<[], number>('SELECT id FROM node').pluck().all()
  if ('concepts' in what) return what.concepts.map((ref) => graph.need(ref).id)
  const brought = `SELECT thing FROM change WHERE kind = 0 AND before IS NULL
    AND write IN (SELECT id FROM write WHERE client = ?)`
  return db.prepare<[string], number>(brought).pluck().all(what.client)
}

/** Observations of concepts that others brought, and relations, both also where they are only history by now. */
function eraseSayings(graph: Graph, client: string): void {
  const { db } = graph
  const writes = `(SELECT id FROM write WHERE client = @client)`
  const touched = db
    .prepare<{ client: string }, number>(`SELECT DISTINCT concept FROM observation WHERE by IN ${writes}`)
    .pluck()
    .all({ client })
  for (const sql of [
    `DELETE FROM change WHERE kind = 1 AND thing IN (SELECT thing FROM change WHERE kind = 1 AND before IS NULL AND write IN ${writes})`,
    `DELETE FROM change WHERE kind = 2 AND thing IN (SELECT thing FROM change WHERE kind = 2 AND before IS NULL AND write IN ${writes})`,
    `DELETE FROM observation WHERE by IN ${writes}`,
    `DELETE FROM relation WHERE created_by IN ${writes}`,
    `DELETE FROM session_context WHERE client = @client`,
  ])
    db.prepare<{ client: string }>(sql).run({ client })
  for (const id of touched) graph.index(id)
}

const eraseGone = `
  DELETE FROM change WHERE kind = 1 AND thing IN (
    SELECT id FROM observation WHERE concept IN (SELECT id FROM temp.gone)
    UNION SELECT thing FROM change WHERE kind = 1 AND json_extract(before, '$.concept') IN (SELECT id FROM temp.gone));
  DELETE FROM change WHERE kind = 2 AND thing IN (
    SELECT id FROM relation WHERE origin IN (SELECT id FROM temp.gone) OR target IN (SELECT id FROM temp.gone)
    UNION SELECT thing FROM change WHERE kind = 2 AND (json_extract(before, '$.origin') IN (SELECT id FROM temp.gone)
      OR json_extract(before, '$.target') IN (SELECT id FROM temp.gone)));
  DELETE FROM change WHERE kind IN (0, 3) AND thing IN (SELECT id FROM temp.gone);
  DELETE FROM observation WHERE concept IN (SELECT id FROM temp.gone);
  DELETE FROM relation WHERE origin IN (SELECT id FROM temp.gone) OR target IN (SELECT id FROM temp.gone);
  DELETE FROM recalled WHERE concept IN (SELECT id FROM temp.gone);
  DELETE FROM usage WHERE concept IN (SELECT id FROM temp.gone);
  DELETE FROM concept WHERE id IN (SELECT id FROM temp.gone);`

/** A write that left nothing says who did something when; nothing is left to say it of. */
const eraseEmptyWrites = `
  DELETE FROM write WHERE undoes IS NULL AND id NOT IN (SELECT write FROM change)
    AND id NOT IN (SELECT by FROM observation) AND id NOT IN (SELECT created_by FROM concept)
    AND id NOT IN (SELECT updated_by FROM concept) AND id NOT IN (SELECT created_by FROM relation);`

import type { ContentLabel } from '../../shared/domain/flow.ts'
import type { WorkspaceName } from '../../shared/domain/ids.ts'
import type { Provenance, WriteId } from '../../shared/domain/memory.ts'
import { memoryLearningOff } from '../../shared/errors.ts'
import type { InformationFlow } from '../flow/information-flow.ts'
import type { Equipped } from '../kernel/exchange.ts'
import type { Memory } from '../memory/memory.ts'
import { questionBefore, served } from '../memory/served-calls.ts'
import type { Engine } from '../supervisor/ports.ts'
import type { Foundation } from './foundation.ts'
import { mayLearnFrom } from './memory.ts'
import { refuseSecrets } from './refuse-secrets.ts'

/** Of one write, what the history names. */
const mostChanges = 100

/**
 * The memory behind its bundled server. Whose a call is, in which workspace, and what its session had read, is known here
 * and never asked of the server; what the call is given becomes a read of its session before the server sees it.
 */
export function memoryEngine(base: Foundation, memory: Memory, flow: Pick<InformationFlow, 'of' | 'brought'>): Engine {
  return {
    prepare: (call) => {
      mayBeDone(base, call)
      const canAsk = call.peer.capabilities.sampling !== undefined
      const { labels } = provenanceOf(call, flow)
      return canAsk && !labels.includes('secret') ? questionBefore(call) : undefined
    },
    run: async (call, found) => {
      mayBeDone(base, call)
      const by = provenanceOf(call, flow)
      const window = base.settings.current.memoryWindow
      const answer = await served(memory.in(call.session.workspace), call, by, { found, window })
      flow.brought(call, answer.labels)
      return answer
    },
    watch: (workspace, tell) =>
      base.events.on('memory.changed', (change) => {
        if (change.workspace !== workspace) return
        changesOf(memory, workspace, change.write as WriteId).then(tell, () => tell({ concepts: [], more: true }))
      }),
  }
}

/** @throws memory.context-secret; memory.learning-off: asked before anything the client says is shown to its model, and again when it is done */
function mayBeDone(base: Foundation, { client, entry, arguments: given }: Equipped): void {
  if (entry.ownName === 'set_context') refuseSecrets(base, given)
  if (entry.ownName === 'learn' && !mayLearnFrom(base, client.id)) throw memoryLearningOff(client.name)
}

function provenanceOf({ client, session, callId }: Equipped, flow: Pick<InformationFlow, 'of'>): Provenance {
  const labels = new Set<ContentLabel>(flow.of(session.id).reads.map(({ label }) => label))
  return { client: client.id, clientName: client.name, session: session.id, call: callId, labels: [...labels] }
}

async function changesOf(memory: Memory, workspace: WorkspaceName, write: WriteId) {
  const next: WriteId = `wr_${Number(write.slice(3)) + 1}`
  const [latest] = await memory.in(workspace).history({ before: next, limit: 1 })
  const changes = latest?.id === write ? latest.changes : []
  const concepts = new Set(changes.flatMap(({ what, id, ends = [] }) => (what === 'concept' ? [id] : ends)))
  return { concepts: [...concepts], more: latest?.id !== write || changes.length === mostChanges }
}

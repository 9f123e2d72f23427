import type { ClientPeer } from '../../shared/domain/call.ts'
import { RpcRefusal } from './connection.ts'

/** Gatehouse's own look at a server claims every capability, so that nothing is left out of the list; it answers nothing. */
export const capableOfAll: ClientPeer = {
  protocol: '2025-11-25',
  capabilities: { sampling: {}, elicitation: {}, roots: {} },
  progress: () => {},
  request: (method) =>
    method === 'roots/list' ? Promise.resolve({ roots: [] }) : Promise.reject(new RpcRefusal(-32601, 'Not here.')),
  notify: () => {},
}

/**
 * Cedar schema every policy is validated against when it is saved. `address` is told where it is another than the
 * `tool`'s name. `folders` are those of the person's rules that a path
 * of the call lies in, decided by path code; `hosts` hold every host of the call and, as `*.…`, the names it is below;
 * `arguments` are the rules whose argument patterns fit; `minute` and `weekday` (1 Monday) are local.
 */
export const policySchema = `
entity Client;
entity Entry;
entity Server;
entity Workspace;
entity Folder;
entity Host;
entity Label;
action call, callUnattended appliesTo {
  principal: Client,
  resource: Entry,
  context: {
    client: String,
    tool: String,
    address?: String,
    server: Server,
    workspace: Workspace,
    own: Bool,
    trusted: Bool,
    sandbox: Long,
    action: String,
    known: Bool,
    memory: Bool,
    content: String,
    paths: String,
    flow: String,
    folders: Set<Folder>,
    hosts: Set<Host>,
    labels: Set<Label>,
    arguments: Set<String>,
    minute: Long,
    weekday: Long,
    granted: Long
  }
};
`

export type PolicyAttribute =
  | 'client'
  | 'tool'
  | 'address'
  | 'server'
  | 'workspace'
  | 'own'
  | 'trusted'
  | 'sandbox'
  | 'action'
  | 'known'
  | 'memory'
  | 'content'
  | 'paths'
  | 'flow'
  | 'folders'
  | 'hosts'
  | 'labels'
  | 'arguments'
  | 'minute'
  | 'weekday'
  | 'granted'

/** Kinds of entity that context attributes hold. */
export type ContextEntity = 'Server' | 'Workspace' | 'Folder' | 'Host' | 'Label'

export const entity = (type: ContextEntity, id: string) => ({ __entity: { type, id } })

/** Cedar schema every policy is validated against. Folder membership is decided by path code and comes as an attribute. */
export const policySchema = `
entity Client;
entity Entry;
action call, callUnattended appliesTo {
  principal: Client,
  resource: Entry,
  context: {
    client: String,
    tool: String,
    address: String,
    own: Bool,
    trusted: Bool,
    sandbox: Long,
    action: String,
    known: Bool,
    content: String,
    paths: String,
    granted: Long,
    within: Set<String>
  }
};
`

export type PolicyAttribute =
  | 'client'
  | 'tool'
  | 'address'
  | 'own'
  | 'trusted'
  | 'sandbox'
  | 'action'
  | 'known'
  | 'content'
  | 'paths'
  | 'granted'
  | 'within'

/** What a server may ask of a client, and the capability the client must have told for it. */
export const askable: Readonly<Record<string, string>> = {
  'sampling/createMessage': 'sampling',
  'elicitation/create': 'elicitation',
  'roots/list': 'roots',
}

/** By what name rules know what a server asks of a client: `SERVER__asks-sampling` and the like. */
const askedName = new RegExp(`^([a-z0-9-]{1,24})__(asks-(?:${Object.values(askable).join('|')}))$`)

/** The parts of such a name; undefined for any other. */
export function askedIn(name: string): { readonly server: string; readonly ownName: string } | undefined {
  const [, server, ownName] = askedName.exec(name) ?? []
  return server === undefined || ownName === undefined ? undefined : { server, ownName }
}

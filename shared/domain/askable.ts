/** What a server may ask of a client, and the capability the client must have told for it. */
export const askable: Readonly<Record<string, string>> = {
  'sampling/createMessage': 'sampling',
  'elicitation/create': 'elicitation',
  'roots/list': 'roots',
}

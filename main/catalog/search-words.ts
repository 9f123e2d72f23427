/** Words that say nothing about what a tool does. */
const empty = new Set(
  'a an and are as at be been by can for from has have how i if in into is it its me my of on or our so such than that the their them then there these this those to tool use used uses using via want was what when where which will with would you your'.split(
    ' ',
  ),
)

/** What people say and what tools are called: any word of a group stands for the others, at half the weight. */
const kin: readonly (readonly string[])[] = [
  ['remove', 'delete', 'erase', 'drop', 'trash', 'unlink'],
  ['create', 'add', 'make', 'new', 'insert', 'open'],
  ['list', 'show', 'enumerate', 'browse'],
  ['get', 'read', 'fetch', 'retrieve', 'load', 'view'],
  ['find', 'search', 'query', 'lookup', 'locate'],
  ['change', 'update', 'edit', 'modify', 'set', 'patch', 'replace'],
  ['send', 'post', 'publish', 'submit', 'deliver'],
  ['run', 'execute', 'start', 'launch', 'invoke', 'trigger'],
  ['stop', 'cancel', 'abort', 'kill', 'terminate'],
  ['copy', 'duplicate', 'clone'],
  ['move', 'rename'],
  ['folder', 'directory', 'dir'],
  ['mail', 'email', 'e-mail'],
  ['picture', 'image', 'photo'],
  ['repository', 'repo'],
  ['database', 'db', 'sql'],
  ['issue', 'ticket', 'bug'],
  ['event', 'meeting', 'appointment', 'calendar'],
  ['message', 'chat', 'dm'],
  ['website', 'page', 'web', 'url'],
  ['save', 'write', 'store'],
]

const kinOf: ReadonlyMap<string, readonly string[]> = new Map(
  kin.flatMap((group) => {
    const stems = [...new Set(group.map(stem))]
    return stems.map((word) => [word, stems.filter((other) => other !== word)] as const)
  }),
)

/** Stems of the other words that may be meant. */
export const relatives = (word: string): readonly string[] => kinOf.get(word) ?? []

/** The words of a text or a name, as stems: `readFiles`, `read_file` and “reading a file” say the same. */
export function wordsOf(text: string): string[] {
  const spaced = text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/(\p{Ll}|\p{N})(\p{Lu})/gu, '$1 $2')
    .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1 $2')
    .toLowerCase()
  const words = spaced.match(/\p{L}+|\p{N}+/gu) ?? []
  return words.filter((word) => !empty.has(word)).map(stem)
}

/** English endings only, and only where enough of the word is left. */
export function stem(word: string): string {
  if (word.length > 4 && word.endsWith('ies')) return `${word.slice(0, -3)}y`
  if (word.length > 5 && word.endsWith('ing')) return undoubled(word.slice(0, -3))
  if (word.length > 4 && word.endsWith('ed')) return undoubled(word.slice(0, -2))
  if (word.length > 4 && /(?:s|x|z|ch|sh)es$/.test(word)) return withoutE(word.slice(0, -2))
  if (word.length > 3 && word.endsWith('s') && !/(?:ss|us|is)$/.test(word)) return withoutE(word.slice(0, -1))
  return withoutE(word)
}

function undoubled(word: string): string {
  return withoutE(/([bdgklmnprt])\1$/.test(word) ? word.slice(0, -1) : word)
}

/** `delete`, `deleting` and `deletes` meet in `delet`. */
function withoutE(word: string): string {
  return word.length > 3 && word.endsWith('e') ? word.slice(0, -1) : word
}

import type { Program } from '../../shared/domain/call.ts'
import { canonicalJson } from '../../shared/domain/canonical-json.ts'
import { defaultWorkspace, newId } from '../../shared/domain/ids.ts'
import type { Json } from '../../shared/domain/json.ts'
import { type QuestionKind, sha256 } from './approval.ts'
import type { Elicitation } from './elicitation.ts'
import type { QuestionDraft } from './open-questions.ts'
import type { Say } from './question-text.ts'

interface Asking {
  readonly workspace?: string
  /** The program that asks, as the operating system shows it. */
  readonly program?: Program
  /** Aborts when nobody waits for the answer any more. */
  readonly signal?: AbortSignal
}

/** A question that is not about a call. */
export type PersonAsk = Asking &
  (
    | {
        readonly kind: 'pair'
        readonly clientName: string
        readonly previous?: Program
        readonly apiKey?: boolean
        readonly userCode?: string
        readonly again?: boolean
      }
    /**
     * `verb`: as typed, e.g. `servers add files`; `details`: every line the person must see, untruncated; `client`: a
     * script's, when it is not the command line that asks.
     */
    | {
        readonly kind: 'verb'
        readonly verb: string
        readonly details: readonly string[]
        readonly client?: string
      }
    | { readonly kind: 'host'; readonly server: string; readonly host: string }
    /** Install scripts of a package; `commands`: each as it would run. */
    | { readonly kind: 'scripts'; readonly server: string; readonly commands: readonly string[] }
    | {
        readonly kind: 'elicitation'
        readonly server: string
        readonly client: string
        readonly tool: string
        readonly elicitation: Elicitation
      }
  )

/** A verb is confirmed each time it is used, a server's question asked each time it comes; the others, asked twice at once, are one question. */
export function personDraft(ask: PersonAsk, say: Say): QuestionDraft {
  const { kind, entry, client, title, reasons, subject } = worded(ask, say)
  const { workspace, program } = ask
  const expiryMs = ask.kind === 'pair' && ask.userCode ? { expiryMs: codeMs } : {}
  const once = (ask.kind === 'verb' && ask.client === undefined) || ask.kind === 'elicitation'
  const identity = once ? newId('approval') : canonicalJson(plain({ ...subject, workspace, program }))
  return {
    kind,
    binding: sha256(identity),
    asker: askerOf(ask, kind, client),
    entry,
    question: {
      client,
      ...(program ? { program: { ...program, parents: [...program.parents] } } : {}),
      workspace: workspace ?? defaultWorkspace,
      title,
      risk: kind === 'host' && ask.kind !== 'scripts' ? 'medium' : 'high',
      reasons,
      subject,
      scopes: [{ scope: 'once', consequence: title }],
    },
    content: {},
    ...expiryMs,
  }
}

/** Whose questions count together, so that one of them floods nobody else’s. */
function askerOf(ask: PersonAsk, kind: QuestionKind, client: string): string {
  if (ask.kind === 'elicitation') return `server ${ask.server}`
  if (ask.kind === 'verb' && ask.client !== undefined) return `script ${ask.client}`
  return kind === 'host' ? `host ${client}` : kind
}

/** Milliseconds a code is good for. @see spec/platform.md, B: 10 minutes */
const codeMs = 10 * 60_000

type Worded = Pick<QuestionDraft['question'], 'client' | 'title' | 'reasons' | 'subject'> & {
  readonly kind: QuestionKind
  readonly entry: string
}

function worded(ask: PersonAsk, say: Say): Worded {
  switch (ask.kind) {
    case 'pair': {
      const { kind, clientName: client, previous, apiKey, userCode, again } = ask
      const reason = again ? 'risk.pair-again' : 'risk.pair'
      const changed = apiKey ? 'key-elsewhere' : 'pair-changed'
      return {
        kind,
        entry: 'clients.pair',
        client,
        title: say(previous ? `title.${changed}` : 'title.pair', { client }),
        reasons: previous ? [say(`risk.${changed}`, { previous: previous.executable })] : [say(reason, { client })],
        subject: {
          kind,
          clientName: client,
          ...(previous ? { previous: { ...previous, parents: [...previous.parents] } } : {}),
          ...(apiKey ? { apiKey } : {}),
          ...(userCode ? { userCode } : {}),
        },
      }
    }
    case 'verb': {
      const { kind, verb, details, client = 'cli' } = ask
      const proposed = ask.client !== undefined
      const title = say(proposed ? 'title.script-verb' : 'title.verb', { client, verb })
      const subject = { kind, verb, details: [...details], ...(proposed ? { proposed } : {}) }
      return { kind, entry: verb, client, title, reasons: [], subject }
    }
    case 'elicitation': {
      const { kind, server, client, tool, elicitation } = ask
      const title = say('title.elicitation', { server, client })
      const { message, url, fields } = elicitation
      const subject = { kind, server, tool, message, ...(url ? { url } : {}), fields: [...fields] }
      // kept beside the questions about hosts: a server asks both
      return { kind: 'host', entry: tool, client, title, reasons: [say('risk.elicitation', { server })], subject }
    }
    case 'scripts': {
      const { kind, server, commands } = ask
      const title = say('title.scripts', { server })
      const subject = { kind, server, commands: [...commands] }
      // kept beside the questions about hosts: both are about what a server may do beyond its calls
      return { kind: 'host', entry: 'servers.scripts', client: server, title, reasons: [say('risk.scripts')], subject }
    }
    case 'host': {
      const { kind, server, host } = ask
      const title = say('title.host', { server, host })
      return { kind, entry: host, client: server, title, reasons: [], subject: { kind, server, host } }
    }
  }
}

/** Without members that are undefined, as canonical JSON wants it. */
const plain = (value: object): Json => JSON.parse(JSON.stringify(value)) as Json

import type { Json, JsonObject } from '../../shared/domain/json.ts'
import { elicitationOf } from './elicitation.ts'
import type { OpenQuestion, OpenQuestions, Outcome } from './open-questions.ts'
import { type PersonAsk, personDraft } from './person-questions.ts'
import type { Say } from './question-text.ts'

export interface ServerQuestion {
  readonly server: string
  readonly client: string
  readonly tool: string
  readonly workspace: string
  /** Of `elicitation/create`, as the server sent them. */
  readonly params: JsonObject
  readonly signal: AbortSignal
}

export interface PersonDeskParts {
  readonly open: OpenQuestions
  readonly say: Say
  /** @throws approvals.flood */
  readonly refuseFlood: (asker: string, client: string) => void
}

/** Asks the person about what is no call: pairing, a command-line verb, a refused host, a server's question. */
export class PersonDesk {
  constructor(private readonly parts: PersonDeskParts) {}

  /** Unanswered means no. @throws approvals.flood */
  async ask(ask: PersonAsk): Promise<'allow' | 'deny'> {
    const { outcome } = await this.#answered(ask)
    return outcome.state === 'approved' ? 'allow' : 'deny'
  }

  /**
   * A server's question whose client cannot show it. One that asks for a secret is declined unseen.
   * @returns what `elicitation/create` is answered with
   * @throws approvals.flood
   */
  async elicit({ params, ...asker }: ServerQuestion): Promise<JsonObject> {
    const elicitation = elicitationOf(params)
    if (elicitation === undefined) return { action: 'decline' }
    const { outcome, question } = await this.#answered({ kind: 'elicitation', ...asker, elicitation })
    if (outcome.state === 'denied') return { action: 'decline' }
    if (outcome.state !== 'approved') return { action: 'cancel' }
    return { action: 'accept', ...(elicitation.url ? {} : { content: (question.answers ?? {}) as Json }) }
  }

  async #answered(ask: PersonAsk): Promise<{ readonly question: OpenQuestion; readonly outcome: Outcome }> {
    const { open, say, refuseFlood } = this.parts
    const draft = personDraft(ask, say)
    const known = open.about(draft.binding)
    if (!known) refuseFlood(draft.asker, draft.question.client)
    const question = known ?? open.open(draft)
    return { question, outcome: await open.wait(question, { signal: ask.signal ?? new AbortController().signal }) }
  }
}

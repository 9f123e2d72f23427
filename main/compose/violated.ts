import { Counts } from '../telemetry/bounded.ts'

const areas = /^(?:incident|intrusion|integrity)\./
const others: readonly string[] = ['workspace.crossing', 'token.reused', 'operator.refused', 'audit.fault']
/** What the person did about one. */
const answers: readonly string[] = ['incident.resolve']

/** Counts what the audit log says was done against the rules, by what it calls it. */
export class Violated {
  readonly #counts = new Counts(64)

  readonly note = ({ action }: { readonly action: string }): void => {
    if ((areas.test(action) || others.includes(action)) && !answers.includes(action)) this.#counts.add(action)
  }

  samples = () => this.#counts.samples('kind')
}

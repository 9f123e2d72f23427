import { GatehouseError } from '../../shared/errors.ts'
import { sentence } from '../../shared/messages/messages.ts'

/** INTERFACES, "The CLI". */
export const exitCodes = { done: 0, failed: 1, usage: 2, notRunning: 3 } as const

/** The app refused or could not do it; its own sentence. */
export class Refused extends Error {
  override readonly name = 'Refused'
  constructor(
    readonly code: string,
    readonly sentence: string,
  ) {
    super(code)
  }
}

/** The command line was used wrongly; what to write instead. */
export class WrongUsage extends Error {
  override readonly name = 'WrongUsage'
}

export interface Failure {
  readonly code: string
  readonly sentence: string
  readonly exitCode: number
}

/** An error as the terminal shows it: a sentence, never a stack. */
export function explain(error: unknown): Failure {
  if (error instanceof WrongUsage) return { code: 'usage', sentence: error.message, exitCode: exitCodes.usage }
  if (error instanceof Refused) return { code: error.code, sentence: error.sentence, exitCode: exitOf(error.code) }
  if (error instanceof GatehouseError)
    return { code: error.code, sentence: sentence(error, 'person'), exitCode: exitOf(error.code) }
  const sentenceOfCause = error instanceof Error ? error.message : String(error)
  return { code: 'internal.unexpected', sentence: sentenceOfCause, exitCode: exitCodes.failed }
}

function exitOf(code: string): number {
  if (code === 'app.not-running') return exitCodes.notRunning
  return code === 'input.invalid' ? exitCodes.usage : exitCodes.failed
}

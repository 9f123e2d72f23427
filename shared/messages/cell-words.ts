import type { StepReport } from '../domain/cell.ts'
import { cellSteps as en } from './en/cells.ts'
import { fill, type Language } from './messages.ts'
import { cellSteps as ro } from './ro/cells.ts'

/** Why a step ended as it did, in the person's language. */
export const stepSentence = ({ reason, params }: Pick<StepReport, 'reason' | 'params'>, language: Language): string =>
  fill((language === 'ro' ? ro : en)[reason], params)

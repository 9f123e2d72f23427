import type { TrailFacts } from '../../../shared/domain/call.ts'
import { CallTrail } from '../../audit/call-trail.ts'

/** A trail whose call is watched: the task is on disk as “sent” before its server is reached. */
export class TaskTrail extends CallTrail {
  constructor(private readonly onStage: (stage: NonNullable<TrailFacts['stage']>) => void) {
    super()
  }

  /** @throws what `onStage` throws, and the call goes no further */
  override note(facts: TrailFacts): void {
    if (facts.stage !== undefined) this.onStage(facts.stage)
    super.note(facts)
  }
}

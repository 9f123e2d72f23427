import { useMirror } from '../../app/gatehouse-context.tsx'
import { useWords } from '../../app/words.tsx'

/** When alerts, rules and channels are to be read again: something changed, or main says its sentences in another language. */
export function useAlertsKey(): string {
  const { language } = useWords()
  return `${useMirror((mirror) => mirror.revision.alerts)} ${language}`
}

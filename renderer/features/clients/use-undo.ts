import type { FileChange } from '../../../shared/contract/apps.ts'
import { useAction, useApi, useMirror } from '../../app/gatehouse-context.tsx'
import { useWords } from '../../app/words.tsx'

/** Says that an app's file was changed, with a way to take it back at once. */
export function useUndoToast(onDone: () => void): (change: FileChange, text: string) => void {
  const { t } = useWords()
  const api = useApi()
  const toast = useMirror((mirror) => mirror.toast)
  const { run } = useAction()
  return ({ app, title }, text) => {
    const undo = () =>
      void run(
        async () => {
          const { file, preview } = await api.apps.previewDisconnect({ app })
          await api.apps.disconnect({ app, file, preview })
          onDone()
        },
        t('apps.disconnected.done', { app: title }),
      )
    toast('ok', text, { label: t('undo'), run: undo })
  }
}

import { useAction, useApi, useMirror } from '../../app/gatehouse-context.tsx'
import { useWords } from '../../app/words.tsx'

/** Suspends an app, or lets it in again; what was suspended can be let in at once from the toast. Its ended sessions stay ended. */
export function useClientChanges() {
  const { t } = useWords()
  const api = useApi()
  const { busy, run } = useAction()
  const toast = useMirror((mirror) => mirror.toast)
  const resume = (name: string) => run(() => api.clients.resume({ name }), t('clients.resumed', { client: name }))
  const suspend = (name: string) =>
    run(async () => {
      await api.clients.suspend({ name })
      toast('ok', t('clients.suspended.done', { client: name }), {
        label: t('clients.resume'),
        run: () => void resume(name),
      })
    })
  return { busy, suspend, resume }
}

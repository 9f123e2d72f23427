import type { ServerName } from '../../../shared/domain/ids.ts'
import { useAction, useApi, useMirror } from '../../app/gatehouse-context.tsx'
import { useWords } from '../../app/words.tsx'

/** Switches a server on or off, each undone by the other, and restarts it. */
export function useServerChanges() {
  const { t } = useWords()
  const api = useApi()
  const { busy, run } = useAction()
  const toast = useMirror((mirror) => mirror.toast)
  const change = (way: 'enable' | 'disable', server: string, undoable = true) =>
    run(async () => {
      await api.servers[way]({ name: server as ServerName })
      const undo = () => void change(way === 'enable' ? 'disable' : 'enable', server, false)
      const said = t(way === 'enable' ? 'servers.enabled' : 'servers.disabled', { server })
      toast('ok', said, undoable ? { label: t('undo'), run: undo } : undefined)
    })
  return {
    busy,
    enable: (server: string) => change('enable', server),
    disable: (server: string) => change('disable', server),
    restart: (server: string) =>
      run(() => api.servers.restart({ name: server as ServerName }), t('servers.restarted', { server })),
  }
}

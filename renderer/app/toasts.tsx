import { X } from 'lucide-react'
import { createPortal } from 'react-dom'
import { Button } from '../ui/button.tsx'
import type { Tone } from '../ui/ui.ts'
import { cx } from '../ui/ui.ts'
import { useMirror } from './gatehouse-context.tsx'
import type { Toast, ToastAction } from './store.ts'
import { useWords } from './words.tsx'

const tones: Record<Toast['level'], Tone> = { ok: 'ok', info: 'accent', warning: 'warn', problem: 'danger' }
const edges: Record<Tone, string> = {
  plain: 'border-l-edge',
  accent: 'border-l-accent',
  ok: 'border-l-ok',
  warn: 'border-l-warn',
  danger: 'border-l-danger',
}

/** Problems lie over an open dialog, at its top; the rest lies under it, so that nothing covers the buttons of a question. */
const places = {
  over: 'top-4 left-1/2 -translate-x-1/2 z-50',
  under: 'right-4 bottom-4 z-30',
}

/** Results and notices, spoken politely; they leave by themselves. */
export function Toasts() {
  const toasts = useMirror((mirror) => mirror.toasts)
  const urgent = (toast: Toast) => toast.level === 'problem' || toast.level === 'warning'
  return createPortal(
    <>
      <Stack place="under" toasts={toasts.filter((toast) => !urgent(toast))} />
      <Stack place="over" toasts={toasts.filter(urgent)} />
    </>,
    document.body,
  )
}

function ActionButton({ id, action }: { id: number; action: ToastAction }) {
  const dismiss = useMirror((mirror) => mirror.dismiss)
  const act = () => {
    dismiss(id)
    action.run()
  }
  return (
    <Button size="small" className="-my-1" onClick={act}>
      {action.label}
    </Button>
  )
}

function Stack({ place, toasts }: { place: keyof typeof places; toasts: readonly Toast[] }) {
  const dismiss = useMirror((mirror) => mirror.dismiss)
  const { t } = useWords()
  return (
    <div
      role="status"
      aria-live="polite"
      className={cx('pointer-events-none fixed flex w-96 max-w-[calc(100vw-2rem)] flex-col gap-2', places[place])}
    >
      {toasts.map((toast) => (
        <div
          key={toast.id}
          className={cx(
            'pointer-events-auto flex animate-rise items-start gap-3 rounded-lg border border-l-4 border-line bg-surface px-4 py-3 text-sm text-ink shadow-dialog',
            edges[tones[toast.level]],
          )}
        >
          <p className="min-w-0 flex-1 break-words">{toast.text}</p>
          {toast.action && <ActionButton id={toast.id} action={toast.action} />}
          <button
            type="button"
            aria-label={t('dismiss')}
            onClick={() => dismiss(toast.id)}
            className="-mr-1 rounded p-0.5 text-muted hover:text-ink"
          >
            <X aria-hidden="true" className="size-4" />
          </button>
        </div>
      ))}
    </div>
  )
}

import { X } from 'lucide-react'
import { Dialog as Primitive } from 'radix-ui'
import type { ReactNode } from 'react'
import { IconButton } from './button.tsx'
import { useReturnFocus } from './return-focus.ts'
import { cx } from './ui.ts'

interface DialogProps {
  readonly title: string
  readonly description?: ReactNode
  readonly closeLabel: string
  readonly onClose: () => void
  readonly children: ReactNode
  readonly footer?: ReactNode
  /** `side` slides in from the right and is as tall as the window. */
  readonly placement?: 'middle' | 'side'
  readonly wide?: boolean
}

/**
 * A modal dialog. Its veil is our own element rather than the primitive's overlay, which would add a style sheet that the
 * content security policy refuses. A click beside it closes nothing, so that typed input is not lost.
 */
export function Dialog(props: DialogProps) {
  const { title, description, closeLabel, onClose, children, footer, placement = 'middle', wide } = props
  const returnFocus = useReturnFocus()
  return (
    <Primitive.Root open onOpenChange={(open) => !open && onClose()}>
      <Primitive.Portal>
        <div className="fixed inset-0 z-40 animate-fade bg-veil" />
        <div
          className={cx(
            'pointer-events-none fixed inset-0 z-40 flex',
            placement === 'side' ? 'justify-end' : 'items-center justify-center p-4 sm:p-6',
          )}
        >
          <Primitive.Content
            {...(description ? {} : { 'aria-describedby': undefined })}
            onPointerDownOutside={(event) => event.preventDefault()}
            onCloseAutoFocus={returnFocus}
            className={cx(
              'pointer-events-auto flex w-full flex-col overflow-hidden bg-surface shadow-dialog outline-none',
              placement === 'side'
                ? 'h-full max-w-2xl animate-slide border-l border-line'
                : 'max-h-full animate-rise rounded-2xl border border-line',
              placement === 'middle' && (wide ? 'max-w-3xl' : 'max-w-lg'),
            )}
          >
            <header className="flex items-start gap-4 border-b border-line px-6 py-4">
              <div className="min-w-0 flex-1">
                <Primitive.Title className="font-serif text-xl font-semibold break-words">{title}</Primitive.Title>
                {description && (
                  <Primitive.Description className="mt-1 text-sm text-muted">{description}</Primitive.Description>
                )}
              </div>
              <Primitive.Close asChild>
                <IconButton label={closeLabel} className="-mr-2">
                  <X aria-hidden="true" className="size-5" />
                </IconButton>
              </Primitive.Close>
            </header>
            <div className="min-h-0 flex-1 overflow-y-auto px-6 py-5">{children}</div>
            {footer && (
              <footer className="flex flex-wrap items-center justify-end gap-2 border-t border-line bg-ground/60 px-6 py-3.5">
                {footer}
              </footer>
            )}
          </Primitive.Content>
        </div>
      </Primitive.Portal>
    </Primitive.Root>
  )
}

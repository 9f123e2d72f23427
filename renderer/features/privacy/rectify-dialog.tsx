import { type FormEvent, useId, useState } from 'react'
import { useAction, useApi, useMirror } from '../../app/gatehouse-context.tsx'
import { useWords } from '../../app/words.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Field, Input } from '../../ui/field.tsx'

interface RectifyDialogProps {
  readonly subject: string[]
  readonly called: string
  readonly onClose: () => void
}

/** Replaces what is wrong of a person by what is right. */
export function RectifyDialog({ subject, called, onClose }: RectifyDialogProps) {
  const { t } = useWords()
  const api = useApi()
  const form = useId()
  const toast = useMirror((mirror) => mirror.toast)
  const { busy, run } = useAction()
  const [wrong, setWrong] = useState('')
  const [right, setRight] = useState('')
  const correct = async (event: FormEvent) => {
    event.preventDefault()
    const done = await run(async () => {
      const { changed } = await api.privacy.rectify({ subject, called: called.trim(), wrong, right })
      const said =
        changed.length === 0 ? t('privacy.rectified.none') : t('privacy.rectified', { names: changed.join(', ') })
      toast(changed.length === 0 ? 'info' : 'ok', said)
    })
    if (done) onClose()
  }
  return (
    <Dialog
      title={t('privacy.rectify.title')}
      description={t('privacy.rectify.text')}
      closeLabel={t('close')}
      onClose={onClose}
      footer={
        <Button type="submit" form={form} look="primary" disabled={busy || wrong.trim() === '' || wrong === right}>
          {t('privacy.rectify.save')}
        </Button>
      }
    >
      <form id={form} onSubmit={(event) => void correct(event)} className="grid gap-4">
        <Field label={t('privacy.wrong')}>
          {(ids) => (
            <Input
              {...ids}
              maxLength={1000}
              value={wrong}
              className="w-full"
              onChange={(event) => setWrong(event.target.value)}
            />
          )}
        </Field>
        <Field label={t('privacy.right')}>
          {(ids) => (
            <Input
              {...ids}
              maxLength={1000}
              value={right}
              className="w-full"
              onChange={(event) => setRight(event.target.value)}
            />
          )}
        </Field>
      </form>
    </Dialog>
  )
}

import { useState } from 'react'
import { useWords } from '../../app/words.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { QuotaList } from './quota-list.tsx'

/** Opens the limits of one app. */
export function LimitsButton({ client }: { client: string }) {
  const { t } = useWords()
  const [open, setOpen] = useState(false)
  return (
    <>
      <Button size="small" aria-label={t('limits.label', { name: client })} onClick={() => setOpen(true)}>
        {t('limits.button')}
      </Button>
      {open && (
        <Dialog
          wide
          title={t('limits.label', { name: client })}
          description={t('limits.text')}
          closeLabel={t('close')}
          onClose={() => setOpen(false)}
        >
          <QuotaList holder="client" name={client} />
        </Dialog>
      )}
    </>
  )
}

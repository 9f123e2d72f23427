import { useState } from 'react'
import { useWords } from '../../app/words.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { type QuotaHolder, QuotaList } from './quota-list.tsx'

/** Opens the limits of one app or key. */
export function LimitsButton({ holder, name }: QuotaHolder) {
  const { t } = useWords()
  const [open, setOpen] = useState(false)
  return (
    <>
      <Button size="small" aria-label={t('limits.label', { name })} onClick={() => setOpen(true)}>
        {t('limits.button')}
      </Button>
      {open && (
        <Dialog
          wide
          title={t('limits.label', { name })}
          description={t('limits.text')}
          closeLabel={t('close')}
          onClose={() => setOpen(false)}
        >
          <QuotaList holder={holder} name={name} />
        </Dialog>
      )}
    </>
  )
}

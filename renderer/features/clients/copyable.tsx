import { Check, Copy } from 'lucide-react'
import { useState } from 'react'
import { useWords } from '../../app/words.tsx'
import { Button } from '../../ui/button.tsx'
import { ExactBlock } from '../../ui/exact-text.tsx'

/** A text to be pasted elsewhere. */
export function Copyable({ title, text }: { title: string; text: string }) {
  const { t } = useWords()
  const [copied, setCopied] = useState(false)
  const copy = async () => {
    await navigator.clipboard.writeText(text)
    setCopied(true)
  }
  const Icon = copied ? Check : Copy
  return (
    <div>
      <div className="mb-1.5 flex items-center justify-between gap-3">
        <p className="text-sm font-medium">{title}</p>
        <Button size="small" icon={<Icon aria-hidden="true" className="size-3.5" />} onClick={() => void copy()}>
          {copied ? t('copied') : t('copy')}
        </Button>
      </div>
      <ExactBlock text={text} label={title} />
    </div>
  )
}

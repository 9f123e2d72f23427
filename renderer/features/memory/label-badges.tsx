import { FolderLock, Globe, KeyRound } from 'lucide-react'
import type { ReactNode } from 'react'
import { useWords } from '../../app/words.tsx'
import { Badge } from '../../ui/badge.tsx'
import type { Tone } from '../../ui/ui.ts'
import type { Label } from './memory-types.ts'

const tones: Record<Label, Tone> = { private: 'accent', untrusted: 'warn', secret: 'danger' }
const icons: Record<Label, ReactNode> = {
  private: <FolderLock aria-hidden="true" className="size-3.5" />,
  untrusted: <Globe aria-hidden="true" className="size-3.5" />,
  secret: <KeyRound aria-hidden="true" className="size-3.5" />,
}

/** What the session that wrote it had read: from outside, private, a secret. */
export function LabelBadges({ labels }: { labels: readonly Label[] }) {
  const { t } = useWords()
  return labels.map((label) => (
    <Badge key={label} tone={tones[label]} icon={icons[label]}>
      {t(`sessions.flow.${label}`)}
    </Badge>
  ))
}

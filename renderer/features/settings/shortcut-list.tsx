import { navigation, paletteKeys, screenKeys } from '../../app/shortcuts.ts'
import { useWords } from '../../app/words.tsx'
import { Keys } from '../../ui/keys.tsx'

/** Every shortcut there is. */
export function useShortcutList(): readonly (readonly [string, readonly string[]])[] {
  const { t } = useWords()
  return [
    [t('shortcut.palette'), paletteKeys],
    ...navigation.map(
      (screen, place) => [t('shortcut.screen', { screen: t(`nav.${screen}`) }), screenKeys(place)] as const,
    ),
    [t('shortcut.allow'), ['A']],
    [t('shortcut.deny'), ['D']],
    [t('shortcut.scope'), ['↑', '↓']],
    [t('shortcut.escape'), ['Esc']],
  ]
}

export function ShortcutRow({ name, keys }: { name: string; keys: readonly string[] }) {
  return (
    <li className="flex flex-wrap items-center justify-between gap-3 px-5 py-2.5 text-sm">
      <span>{name}</span>
      <Keys keys={keys} />
    </li>
  )
}

/**
 * Letters of other scripts that look like Latin ones, and what is read for another at a glance.
 * @see Unicode UTS #39, confusables.txt; the part that a person typing names in Latin letters meets
 */
const twins: Readonly<Record<string, string>> = {
  ...pairs('аɑα', 'a'),
  ...pairs('ЬƄв', 'b'),
  ...pairs('сϲⅽ', 'c'),
  ...pairs('ԁⅾ', 'd'),
  ...pairs('еҽё', 'e'),
  ...pairs('ɡց', 'g'),
  ...pairs('һհ', 'h'),
  ...pairs('іıɩιⅰ1|ǀlӏⅼ', 'i'),
  ...pairs('јϳ', 'j'),
  ...pairs('кκ', 'k'),
  ...pairs('мⅿ', 'm'),
  ...pairs('ոп', 'n'),
  ...pairs('оοσօ0', 'o'),
  ...pairs('рρ', 'p'),
  ...pairs('ԛ', 'q'),
  ...pairs('гᴦ', 'r'),
  ...pairs('ѕꜱ', 's'),
  ...pairs('тτ', 't'),
  ...pairs('սυ', 'u'),
  ...pairs('νѵⅴ', 'v'),
  ...pairs('ѡԝ', 'w'),
  ...pairs('хχⅹ', 'x'),
  ...pairs('уүγ', 'y'),
  ...pairs('ᴢ', 'z'),
}

/** Names with the same skeleton look alike: case, separators, accents and letters of other scripts count for nothing. */
export function skeletonOf(name: string): string {
  const folded = name
    .normalize('NFKD')
    .replace(/[\p{M}\p{Cf}\p{Cc}]/gu, '')
    .toLowerCase()
  return [...folded]
    .map((letter) => twins[letter] ?? letter)
    .join('')
    .replace(/[-_.\s/]/g, '')
    .replaceAll('rn', 'm')
    .replaceAll('vv', 'w')
}

function pairs(letters: string, latin: string): Record<string, string> {
  return Object.fromEntries([...letters].map((letter) => [letter, latin]))
}

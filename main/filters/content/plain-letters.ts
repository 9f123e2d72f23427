/** Greek and Cyrillic letters that look like Latin ones. @see Unicode Technical Standard 39, confusables */
const alike: Readonly<Record<string, string>> = Object.fromEntries(
  [
    ...'аaАAсcСCеeЕEоoОOрpРPхxХXуyУYіiІIѕsЅSјjЈJԁdһhԛqԝwνvοoΟOρpΡPαaΑAΕEΒBΗHΙIιiΚKκkΜMΝNΤTτtυuΥYΧXχxγyмmнhкkтtвbМMНHКKТTВB',
  ].flatMap((char, index, all) => (index % 2 === 0 ? [[char, all[index + 1] ?? char] as const] : [])),
)
const foreign = /[\u0370-\u052f]/g
const unseen = /\p{Default_Ignorable_Code_Point}/gu
const tag = /\udb40[\udc20-\udc7e]/g

/** The text a model may read out of a disguised one: without what is not seen, in the letters it is meant to be in. */
export function plainLetters(text: string): string {
  return text
    .replace(unseen, '')
    .normalize('NFKC')
    .replace(foreign, (char) => alike[char] ?? char)
}

/** What tag characters spell. @see Unicode Technical Standard 51, C.1: U+E0020 to U+E007E stand for ASCII */
export const spelledByTags = (text: string): string =>
  (text.match(tag) ?? []).map((pair) => String.fromCharCode(pair.charCodeAt(1) - 0xdc00)).join('')

const flag = /\u{1F3F4}[\u{E0030}-\u{E0039}\u{E0061}-\u{E007A}]{1,7}\u{E007F}/gu
/** Letters nobody sees, several in a row: text in them is a payload. */
const unseen = /[\u{E0000}-\u{E007F}]{2,}|[\uFE00-\uFE0F\u{E0100}-\u{E01EF}]{3,}|[\u{F0000}-\u{10FFFF}]{8,}/u
/** Turns the order of what follows; alone in quotes it is a character somebody works with. */
const turned = /(?<!['"`])[\u202A-\u202E\u2066-\u2069]|[\u202A-\u202E\u2066-\u2069](?!['"`])/u
// biome-ignore lint/suspicious/noControlCharactersInRegex: every letter of ASCII
const notPlain = /[^\u0000-\u007F]/u
const pushedAside = /\S[^\S\n]{150,}\S/u

/**
 * Where a source says something its reader does not see; undefined where it does not.
 * @see Unicode UTS #55, “Trojan Source” (CVE-2021-42574)
 */
export function hiddenCode(source: string): number | undefined {
  const patterns = notPlain.test(source) ? [unseen, turned, pushedAside] : [pushedAside]
  const plain = source.replace(flag, (sign) => ' '.repeat(sign.length))
  return patterns.map((pattern) => plain.search(pattern)).find((at) => at >= 0)
}

/** How bad it is when a decoy was touched. @see anomalies/violations.ts for what follows */
export type DecoySeverity = 'medium' | 'high'

/** A file that serves nothing but being found by who looks for it. */
export interface DecoyKind {
  readonly name: string
  /** Below the private home. */
  readonly path: string
  /**
   * High where no ordinary program looks. Medium where a library reads by itself: AWS' own reads its file wherever it
   * runs, and no server is to be stopped for that.
   */
  readonly severity: DecoySeverity
  /** @param word 16 capital letters and digits, of this one file alone, that stand in it */
  readonly content: (word: string) => string
}

const filler = (word: string, times: number) => word.toLowerCase().repeat(times)

export const decoyKinds: readonly DecoyKind[] = [
  {
    name: 'an SSH key',
    path: '.ssh/id_ed25519_work', // ssh itself looks for the names without an ending
    severity: 'high',
    content: (word) =>
      `-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZW\nQyNTUxOQAAACD${word}${filler(word, 2)}\n${word}AAAAQ${filler(word, 3)}\n-----END OPENSSH PRIVATE KEY-----\n`,
  },
  {
    name: 'cloud credentials',
    path: '.aws/credentials',
    severity: 'medium',
    content: (word) =>
      `[default]\naws_access_key_id = AKIA${word}\naws_secret_access_key = ${word}${filler(word, 1)}/${word.slice(0, 7)}\n`,
  },
  {
    name: 'a wallet',
    path: '.wallet/seed.txt',
    severity: 'high',
    content: (word) => `xprv9s21ZrQH143K${word}${filler(word, 4)}\n`,
  },
]

/** The part of sax that is used here. @see https://github.com/isaacs/sax-js */
declare module 'sax' {
  export interface Tag {
    readonly name: string
    readonly attributes: Readonly<Record<string, string>>
  }
  export interface Parser {
    /** Counted from 0. */
    readonly line: number
    onopentag: (tag: Tag) => void
    onclosetag: (name: string) => void
    ontext: (text: string) => void
    oncdata: (text: string) => void
    onerror: (error: Error) => void
    write(text: string): Parser
    close(): Parser
  }
  const sax: { parser(strict: boolean): Parser }
  export default sax
}

/** Buttons, dialogs, fields, tables: the window's own parts. They hold no words of the domain and ask main for nothing. */

/** Joins class names, leaving out what is not there. */
export function cx(...names: (string | false | null | undefined)[]): string {
  return names.filter(Boolean).join(' ')
}

export type Tone = 'plain' | 'accent' | 'ok' | 'warn' | 'danger'

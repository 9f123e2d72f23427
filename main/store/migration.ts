/** One numbered step. Never edited once released; a later number corrects an earlier one. */
export interface Migration {
  readonly number: number
  readonly name: string
  readonly sql: string
}

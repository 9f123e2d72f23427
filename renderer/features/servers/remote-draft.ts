import type { z } from 'zod'
import type { remoteDraft } from '../../../shared/contract/remote.ts'
import { serverNamePattern } from '../../../shared/domain/ids.ts'
import type { RemoteTransport } from '../../../shared/domain/remote.ts'
import { linesOf } from './draft.ts'
import { checkSignIn, emptySignIn, type SignInForm } from './machine-sign-in-form.ts'

/** What the person typed into the “add by address” form. */
export interface RemoteForm {
  readonly name: string
  readonly url: string
  readonly transport: RemoteTransport
  /** `NAME=value` or `NAME=Bearer value`, one a line; the values go to the keychain, never into the draft. */
  readonly headers: string
  readonly privateNetwork: boolean
  readonly tls12: boolean
  readonly signIn: SignInForm
}
export const emptyRemote: RemoteForm = {
  name: '',
  url: '',
  transport: 'detect',
  headers: '',
  privateNetwork: false,
  tls12: false,
  signIn: emptySignIn,
}

export interface CheckedRemote {
  readonly draft: z.input<typeof remoteDraft>
  readonly secrets: Readonly<Record<string, string>>
}
export type RemoteFormProblem =
  | 'servers.add.problem.name'
  | 'remote.problem.url'
  | 'remote.problem.headers'
  | 'remote.problem.signIn'

/** Turns the form into a draft, or names the first thing that is not right. Main checks it again. */
export function checkRemote(form: RemoteForm): CheckedRemote | RemoteFormProblem {
  if (!serverNamePattern.test(form.name)) return 'servers.add.problem.name'
  if (form.url.trim() === '') return 'remote.problem.url'
  const checked = checkHeaders(form.headers)
  if (checked === undefined) return 'remote.problem.headers'
  const signIn = checkSignIn(form.signIn)
  if (signIn === undefined) return 'remote.problem.signIn'
  const { headers, secrets } = checked
  return {
    secrets: { ...secrets, ...signIn.secrets },
    draft: {
      name: form.name,
      url: form.url.trim(),
      transport: form.transport,
      headers,
      ...(form.privateNetwork ? { privateNetwork: true } : {}),
      ...(form.tls12 ? { tls: { tls12: true } } : {}),
      ...signIn.signIn,
    },
  }
}

/** @returns undefined when a line is no header */
export function checkHeaders(text: string) {
  const headers = linesOf(text).map(headerIn)
  const known = headers.filter((header) => header !== undefined)
  if (known.length < headers.length) return undefined
  return {
    headers: known.map(({ value: _, ...header }) => header),
    secrets: Object.fromEntries(known.map(({ secret, value }) => [secret, value])) as Record<string, string>,
  }
}

/** The secret of a header is named after it: `X-Api-Key` → `X_API_KEY`. */
function headerIn(line: string) {
  const match = /^([A-Za-z][\w-]*)\s*[=:]\s*(?:(Bearer|Basic|Token)\s+)?(\S.*)$/.exec(line)
  if (!match) return undefined
  const [, name = '', scheme, value = ''] = match
  const secret = name.toUpperCase().replaceAll('-', '_')
  return { name, secret, value, ...(scheme === undefined ? {} : { scheme }) }
}

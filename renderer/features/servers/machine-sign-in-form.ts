import type { MachineSignIn, machineSignInKinds } from '../../../shared/domain/machine-sign-in.ts'

/** What the person typed about a sign-in that needs no person. */
export interface SignInForm {
  readonly kind: 'person' | (typeof machineSignInKinds)[number]
  readonly issuer: string
  readonly clientId: string
  readonly scope: string
  /** A client secret, or a private key as a PEM; goes to the keychain. */
  readonly secret: string
  readonly tokenFile: string
  readonly providerUrl: string
  readonly providerIssuer: string
  readonly providerId: string
  readonly providerSecret: string
}
export const emptySignIn: SignInForm = {
  kind: 'person',
  issuer: '',
  clientId: '',
  scope: '',
  secret: '',
  tokenFile: '',
  providerUrl: '',
  providerIssuer: '',
  providerId: '',
  providerSecret: '',
}

export type SignInField = Exclude<keyof SignInForm, 'kind'>

/** What each kind asks for; those in `needed` cannot be empty. */
export const fieldsOf: Readonly<
  Record<SignInForm['kind'], { readonly needed: readonly SignInField[]; readonly more: readonly SignInField[] }>
> = {
  person: { needed: [], more: [] },
  'client-secret': { needed: ['issuer', 'clientId', 'secret'], more: ['scope'] },
  'client-key': { needed: ['issuer', 'clientId', 'secret'], more: ['scope'] },
  workload: { needed: ['issuer', 'tokenFile'], more: ['clientId', 'scope'] },
  company: {
    needed: ['issuer', 'clientId', 'tokenFile', 'providerUrl', 'providerId'],
    more: ['secret', 'providerSecret', 'scope'],
  },
  'company-page': {
    needed: ['issuer', 'clientId', 'providerIssuer', 'providerId'],
    more: ['secret', 'providerSecret', 'scope'],
  },
}

interface CheckedSignIn {
  readonly signIn: { readonly signIn?: MachineSignIn }
  readonly secrets: Readonly<Record<string, string>>
}

/** @returns undefined when something it needs is missing. Main checks it again. */
export function checkSignIn(form: SignInForm): CheckedSignIn | undefined {
  const { kind } = form
  const given = (field: SignInField) => form[field].trim()
  if (fieldsOf[kind].needed.some((field) => given(field) === '')) return undefined
  if (kind === 'person') return { signIn: {}, secrets: {} }
  const common = { issuer: given('issuer'), ...(given('scope') ? { scope: given('scope') } : {}) }
  const [clientId, token] = [given('clientId'), { file: given('tokenFile') }]
  switch (kind) {
    case 'client-secret':
      return {
        signIn: { signIn: { kind, ...common, clientId, secret: 'SIGN_IN_SECRET' } },
        secrets: { SIGN_IN_SECRET: given('secret') },
      }
    case 'client-key':
      return {
        signIn: { signIn: { kind, ...common, clientId, keySecret: 'SIGN_IN_KEY' } },
        secrets: { SIGN_IN_KEY: given('secret') },
      }
    case 'workload':
      return { signIn: { signIn: { kind, ...common, token, ...(clientId ? { clientId } : {}) } }, secrets: {} }
    case 'company':
    case 'company-page': {
      const [secret, providerSecret] = [given('secret'), given('providerSecret')]
      const provider = { clientId: given('providerId'), ...(providerSecret ? { secret: 'PROVIDER_SECRET' } : {}) }
      const own = { ...common, clientId, ...(secret ? { secret: 'SIGN_IN_SECRET' } : {}) }
      return {
        signIn: {
          signIn:
            kind === 'company'
              ? { kind, ...own, token, provider: { ...provider, tokenUrl: given('providerUrl') } }
              : { kind, ...own, provider: { ...provider, issuer: given('providerIssuer') } },
        },
        secrets: {
          ...(secret ? { SIGN_IN_SECRET: secret } : {}),
          ...(providerSecret ? { PROVIDER_SECRET: providerSecret } : {}),
        },
      }
    }
  }
}

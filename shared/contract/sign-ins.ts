import { z } from 'zod'
import { machineSignInKinds } from '../domain/machine-sign-in.ts'
import { call, event } from './define.ts'
import { anyServerName, epochMs } from './shapes.ts'

/** How a remote server's sign-in stands. Never a token, a code or a client secret. */
export const signInSummary = z.object({
  server: z.string(),
  /** Who signs in: the person in their browser, or Gatehouse by itself, and how. */
  by: z.enum(['person', ...machineSignInKinds]),
  /** `needed`: nothing works before the person signs in. `more`: it wants rights it was not given. */
  state: z.enum(['none', 'sign-in', 'more', 'signed-in']),
  /** What was granted, in the service's own words. */
  scopes: z.array(z.string()),
  missing: z.array(z.string()),
  /** The service the person signed in at. */
  issuer: z.string().optional(),
  expiresAt: epochMs.optional(),
  /** It goes on by itself after that. */
  renews: z.boolean(),
})
export type SignInSummary = z.output<typeof signInSummary>

/** A sign-in that waits for the person's browser. */
export const signInBegun = z.object({
  id: z.string(),
  /** The page, for the person to open. */
  url: z.string(),
  host: z.string(),
  issuer: z.string(),
  /** What is asked for. */
  scopes: z.array(z.string()),
  /** Gatehouse can open the page in the person's browser by itself: `open`. */
  opens: z.boolean(),
})
export type SignInBegun = z.output<typeof signInBegun>

const id = z.string().min(1).max(64)

export const signIns = {
  list: call(z.void(), z.object({ signIns: z.array(signInSummary) }), { verb: 'status' }),
  /** Finds the service, makes Gatehouse known to it, and listens for its answer for five minutes. */
  begin: call(
    z.object({
      server: anyServerName,
      /** Registered at the service by the person. */
      clientId: z.string().min(1).max(2048).optional(),
      clientSecret: z.string().min(1).max(4096).optional(),
      /** The loopback port that client is registered for. */
      port: z.number().int().min(1024).max(65_535).optional(),
    }),
    signInBegun,
    { verb: 'changes', widens: true },
  ),
  /** Opens the page of a sign-in in the person's browser. */
  open: call(z.object({ id }), z.void(), { verb: 'status' }),
  /** Answers when the person is signed in, or with why they are not. */
  wait: call(z.object({ id }), signInSummary, { verb: 'status' }),
  cancel: call(z.object({ id }), z.void(), { verb: 'status' }),
  /** Tells the service to forget, and forgets. */
  end: call(z.object({ server: anyServerName }), z.object({ ended: z.boolean(), revoked: z.boolean() }), {
    verb: 'changes',
  }),
  changed: event(signInSummary),
} as const

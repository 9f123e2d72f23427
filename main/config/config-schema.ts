import { z } from 'zod'

/**
 * Settings of the app as a whole, checked once at start and passed on. They come from `config.yaml`, `GATEHOUSE_…` variables
 * and the person in the window.
 */
export interface Config {
  readonly port: number
  /** Whether AI apps that only speak HTTP with SSE (2024-11-05) are served. */
  readonly oldSse: 'off' | 'on'
  readonly logLevel: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent'
  readonly keychain: 'system' | 'file'
  readonly approvals: {
    readonly expirySeconds: number
    readonly answerAfterSeconds: number
    readonly openPerClient: number
  }
  readonly limits: { readonly callsPerMinute: number; readonly concurrency: number; readonly deadlineSeconds: number }
  readonly tasks: { readonly afterSeconds: number; readonly keptSeconds: number }
  readonly servers: {
    readonly idleStopSeconds: number
    readonly startSeconds: number
    /** Failures in a row, or per cent of at least `breakerCalls` calls, after which a server rests. */
    readonly breakerFailures: number
    readonly breakerPercent: number
    readonly breakerCalls: number
    /** From then until one call is tried. */
    readonly breakerRestSeconds: number
    /** Of a call that may be repeated, the first try included. */
    readonly retryAttempts: number
    /** Before the second try; doubles up to the longest. */
    readonly retryFirstMilliseconds: number
    readonly retryLongestSeconds: number
  }
  readonly cells: { readonly verifyHours: number; readonly updates: 'asked' | 'daily' }
  /** The endpoint over TLS, beside the one without; off until certificate and key are named. */
  readonly https: {
    readonly port: number
    /** PEM files. */
    readonly certificate?: string | undefined
    readonly key?: string | undefined
  }
  /** Per cent of the AI apps that get something first. */
  readonly rollout: { readonly toolSearchPercent: number }
  readonly alerts: { readonly everySeconds: number }
  readonly updates: {
    readonly check: 'off' | 'asked' | 'daily'
    /** A directory of releases as electron-builder writes it. */
    readonly feedUrl?: string | undefined
  }
  readonly oauth: {
    /** Where this Gatehouse’s client ID metadata document lies, for services that take one instead of a registration. */
    readonly clientMetadataUrl?: string | undefined
  }
}

const whole = (least: number, most: number) => z.coerce.number().int().min(least).max(most)
export const configSchema = z.strictObject({
  port: whole(0, 65_535).default(0),
  oldSse: z.enum(['off', 'on']).default('off'),
  logLevel: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
  keychain: z.enum(['system', 'file']).default('system'),
  approvals: z
    .strictObject({
      expirySeconds: whole(1, 86_400).default(300),
      answerAfterSeconds: whole(1, 3_600).default(45),
      openPerClient: whole(1, 1_000).default(20),
    })
    .prefault({}),
  limits: z
    .strictObject({
      callsPerMinute: whole(1, 10_000_000).default(1_000_000),
      concurrency: whole(1, 1_000).default(20),
      deadlineSeconds: whole(1, 86_400).default(60),
    })
    .prefault({}),
  tasks: z
    .strictObject({ afterSeconds: whole(1, 3_600).default(5), keptSeconds: whole(60, 604_800).default(86_400) })
    .prefault({}),
  servers: z
    .strictObject({
      idleStopSeconds: whole(1, 86_400).default(300),
      startSeconds: whole(1, 600).default(30),
      breakerFailures: whole(1, 1_000).default(5),
      breakerPercent: whole(1, 100).default(50),
      breakerCalls: whole(2, 1_000).default(10),
      breakerRestSeconds: whole(1, 3_600).default(30),
      retryAttempts: whole(1, 10).default(3),
      retryFirstMilliseconds: whole(10, 60_000).default(100),
      retryLongestSeconds: whole(1, 600).default(10),
    })
    .prefault({}),
  cells: z
    .strictObject({
      /** Between two looks at the files of a server that is not started anew. */
      verifyHours: whole(1, 720).default(24),
      /** Whether registries are asked for newer versions once a day, or only when the person asks. */
      updates: z.enum(['asked', 'daily']).default('asked'),
    })
    .prefault({}),
  https: z
    .strictObject({
      port: whole(0, 65_535).default(0),
      certificate: z.string().min(1).max(4096).optional(),
      key: z.string().min(1).max(4096).optional(),
    })
    .prefault({}),
  rollout: z.strictObject({ toolSearchPercent: whole(0, 100).default(0) }).prefault({}),
  /** Between two looks at the rules. */
  alerts: z.strictObject({ everySeconds: whole(1, 600).default(15) }).prefault({}),
  updates: z
    .strictObject({
      /** Whether a newer Gatehouse is looked for: never, when the person asks, or once a day. */
      check: z.enum(['off', 'asked', 'daily']).default('off'),
      feedUrl: z.url({ protocol: /^https$/ }).optional(),
    })
    .prefault({}),
  oauth: z
    .strictObject({
      clientMetadataUrl: z
        .url({ protocol: /^https$/ })
        .refine((url) => new URL(url).pathname !== '/', 'It must name a document, not a host.')
        .optional(),
    })
    .prefault({}),
})

/** Values that give AI apps more the higher they are. */
export const widening: readonly string[] = [
  'approvals.expirySeconds',
  'approvals.openPerClient',
  'limits.callsPerMinute',
  'limits.concurrency',
]

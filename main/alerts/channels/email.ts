import { createTransport } from 'nodemailer'
import type { AlertChannel } from '../../../shared/domain/alerts.ts'
import { ChannelProblem } from '../teller.ts'
import { type AlertMessage, emailOf } from './message.ts'
import { isLoopback, patienceMs } from './post-json.ts'

type Email = Extract<AlertChannel, { kind: 'email' }>

/** TLS from the first byte on this port; everywhere else by STARTTLS before anything is said. */
const tlsPort = 465

/**
 * Sends one e-mail. Without TLS nothing is said but to this computer itself, and never a password.
 *
 * @throws ChannelProblem which names host and answer, never user or password
 */
export async function sendEmail(
  channel: Email,
  password: string | undefined,
  message: AlertMessage,
  signal: AbortSignal,
): Promise<void> {
  const { host, port, user, from, to } = channel
  if (user !== undefined && password === undefined)
    throw new ChannelProblem('Its password is not in the keychain. Set it again.')
  const transport = createTransport({
    host,
    port,
    secure: port === tlsPort,
    requireTLS: port !== tlsPort && !isLoopback(host),
    ignoreTLS: isLoopback(host) && port !== tlsPort,
    connectionTimeout: patienceMs,
    greetingTimeout: patienceMs,
    socketTimeout: patienceMs,
    dnsTimeout: patienceMs,
    disableFileAccess: true,
    disableUrlAccess: true,
    ...(user === undefined ? {} : { auth: { user, pass: password ?? '' } }),
  })
  const end = () => transport.close()
  signal.addEventListener('abort', end, { once: true })
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => {
    late.reject(new ChannelProblem(`${host} did not answer within ${patienceMs / 1000} s.`))
  }, patienceMs)
  try {
    await Promise.race([transport.sendMail({ from, to: [...to], ...emailOf(message) }), late.promise])
  } catch (error) {
    throw error instanceof ChannelProblem ? error : new ChannelProblem(`${host} ${reasonOf(error)}`)
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', end)
    transport.close()
  }
}

/** By code and the number a server answered with: its own words may hold anything. */
function reasonOf(error: unknown): string {
  const { code, responseCode } = (error ?? {}) as { code?: unknown; responseCode?: unknown }
  if (code === 'EAUTH') return 'did not accept user and password.'
  if (code === 'ETLS') return 'offers no encrypted connection, so nothing was sent.'
  if (typeof responseCode === 'number') return `refused the e-mail (${responseCode}).`
  if (code === 'ETIMEDOUT') return `did not answer within ${patienceMs / 1000} s.`
  return typeof code === 'string' ? `could not be reached (${code}).` : 'could not be reached.'
}

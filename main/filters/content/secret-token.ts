import { type ContentFilter, isLetterOrDigit, type Report } from './content-filter.ts'

interface TokenRule {
  /** What it begins with. */
  readonly begins: readonly string[]
  /** Sticky and bounded; what is longer is no token. */
  readonly pattern: RegExp
  readonly reason: string
}

/**
 * Tokens that are known by their look: the rules of secretlint's recommended set (MIT, github.com/secretlint/secretlint)
 * and of GitHub's secret scanning, as patterns that are tried only where their beginning stands. secretlint's own core
 * answers asynchronously and takes 0.3 ms for 1 KB, as much as all filters together may.
 * `test/filters/content/secretlint.test.ts` holds the two side by side.
 */
const rules: readonly TokenRule[] = [
  {
    begins: ['AKIA', 'AGPA', 'AIDA', 'AROA', 'AIPA', 'ANPA', 'ANVA', 'ASIA'],
    pattern: /A(?:KIA|GPA|IDA|ROA|IPA|NPA|NVA|SIA)[A-Z0-9]{16}(?![A-Za-z0-9])/y,
    reason: 'aws',
  },
  {
    begins: ['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_'],
    pattern: /gh[pousr]_[A-Za-z0-9_]{36}(?![A-Za-z0-9_])/y,
    reason: 'github',
  },
  { begins: ['github_pat_'], pattern: /github_pat_[A-Za-z0-9_]{82}(?![A-Za-z0-9_])/y, reason: 'github' },
  {
    begins: ['glpat-', 'gldt-', 'glrt-', 'glptt-'],
    pattern: /gl(?:pat|dt|rt|ptt)-[A-Za-z0-9_-]{20,128}(?![A-Za-z0-9_-])/y,
    reason: 'gitlab',
  },
  { begins: ['npm_'], pattern: /npm_[A-Za-z0-9_]{36}(?![A-Za-z0-9_])/y, reason: 'npm' },
  { begins: ['pypi-'], pattern: /pypi-[A-Za-z0-9_-]{60,250}(?![A-Za-z0-9_-])/y, reason: 'pypi' },
  { begins: ['_authToken='], pattern: /_authToken=(?!\$)[A-Za-z0-9+/=_.-]{16,256}/y, reason: 'npm' },
  {
    begins: ['xoxb-', 'xoxp-', 'xapp-', 'xoxa-', 'xoxo-', 'xoxr-', 'xoxs-'],
    pattern: /x(?:ox[bpaors]|app)-(?:\d-)?(?:[a-zA-Z0-9]{1,40}-){1,8}[a-zA-Z0-9]{1,80}/y,
    reason: 'slack',
  },
  {
    begins: ['hooks.slack.com/services/'],
    pattern: /hooks\.slack\.com\/services\/T[a-zA-Z0-9]{1,40}\/B[a-zA-Z0-9]{1,40}\/[a-zA-Z0-9]{1,40}/y,
    reason: 'slack',
  },
  {
    begins: ['sk-proj-', 'sk-svcacct-', 'sk-admin-'],
    pattern: /sk-(?:proj|svcacct|admin)-[A-Za-z0-9_-]{40,200}/y,
    reason: 'openai',
  },
  { begins: ['sk-ant-'], pattern: /sk-ant-[a-z]{3,8}0\d-[A-Za-z0-9_-]{60,128}/y, reason: 'anthropic' },
  { begins: ['sk-'], pattern: /sk-[a-zA-Z0-9]{20}T3BlbkFJ[a-zA-Z0-9]{20}/y, reason: 'openai' },
  { begins: ['gsk_'], pattern: /gsk_[a-zA-Z0-9]{52}(?![a-zA-Z0-9])/y, reason: 'groq' },
  { begins: ['hf_'], pattern: /hf_[a-zA-Z]{34}(?![a-zA-Z])/y, reason: 'huggingface' },
  { begins: ['lin_api_'], pattern: /lin_api_[a-zA-Z0-9_]{32,128}/y, reason: 'linear' },
  { begins: ['ntn_'], pattern: /ntn_[0-9]{11}[A-Za-z0-9]{35}(?![A-Za-z0-9])/y, reason: 'notion' },
  { begins: ['SG.'], pattern: /SG\.[\w-]{16,64}\.[\w-]{16,128}/y, reason: 'sendgrid' },
  {
    begins: ['shppa_', 'shpca_', 'shpat_', 'shpss_'],
    pattern: /shp(?:pa|ca|at|ss)_[a-zA-Z0-9]{32,64}(?![a-zA-Z0-9])/y,
    reason: 'shopify',
  },
  { begins: ['glc_'], pattern: /glc_[A-Za-z0-9+/]{32,400}={0,2}/y, reason: 'grafana' },
  { begins: ['glsa_'], pattern: /glsa_[A-Za-z0-9]{32}_[A-Fa-f0-9]{8}/y, reason: 'grafana' },
  { begins: ['ops_ey'], pattern: /ops_ey[A-Za-z0-9+/=]{100,1280}/y, reason: '1password' },
  { begins: ['hvs.', 'hvb.', 'hvr.'], pattern: /hv[sbr]\.[A-Za-z0-9_-]{90,300}/y, reason: 'vault' },
  {
    begins: ['vcp_', 'vci_', 'vca_', 'vcr_', 'vck_'],
    pattern: /vc[piark]_[A-Za-z0-9]{20,60}(?![A-Za-z0-9])/y,
    reason: 'vercel',
  },
  { begins: ['dapi'], pattern: /dapi[A-Fa-f0-9]{32}(?:-[0-9])?(?![A-Fa-f0-9])/y, reason: 'databricks' },
  { begins: ['dckr_pat_'], pattern: /dckr_pat_[a-zA-Z0-9_-]{27}(?![a-zA-Z0-9_-])/y, reason: 'docker' },
  { begins: ['figd_'], pattern: /figd_[A-Za-z0-9_-]{40,200}/y, reason: 'figma' },
  { begins: ['sk_live_', 'rk_live_'], pattern: /[sr]k_live_[A-Za-z0-9]{16,200}/y, reason: 'stripe' },
  { begins: ['AIza'], pattern: /AIza[A-Za-z0-9_-]{35}(?![A-Za-z0-9_-])/y, reason: 'google' },
  { begins: ['GOCSPX-'], pattern: /GOCSPX-[A-Za-z0-9_-]{28}/y, reason: 'google' },
  { begins: ['ya29.'], pattern: /ya29\.[A-Za-z0-9_-]{40,400}/y, reason: 'google' },
  {
    begins: ['https://discord.com/api/webhooks/', 'https://discordapp.com/api/webhooks/'],
    pattern: /https:\/\/discord(?:app)?\.com\/api\/webhooks\/\d{10,20}\/[\w-]{40,90}/iy,
    reason: 'discord',
  },
  { begins: ['AGE-SECRET-KEY-1'], pattern: /AGE-SECRET-KEY-1[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{58}/y, reason: 'age' },
  {
    begins: ['tskey-'],
    pattern: /tskey-(?:auth|api|client)-[A-Za-z0-9]{8,40}-[A-Za-z0-9]{16,64}/y,
    reason: 'tailscale',
  },
  { begins: ['dop_v1_', 'doo_v1_'], pattern: /do[op]_v1_[a-f0-9]{64}/y, reason: 'digitalocean' },
  {
    begins: ['eyJh', 'eyJ0', 'eyJr', 'eyJj'],
    pattern: /eyJ[A-Za-z0-9_-]{10,2000}\.eyJ[A-Za-z0-9_-]{10,4000}\.[A-Za-z0-9_-]{20,1400}/y,
    reason: 'jwt',
  },
  {
    begins: ['-----BEGIN'],
    pattern:
      /-----BEGIN ?(?:(?:RSA|DSA|EC|OPENSSH|PGP|ENCRYPTED) )?PRIVATE KEY(?: BLOCK)?-----[A-Za-z0-9+/=\s\\:,.-]{64,12000}/y,
    reason: 'private-key',
  },
  {
    begins: [
      'mongodb://',
      'mongodb+srv://',
      'mysql://',
      'mysqlx://',
      'postgres://',
      'postgresql://',
      'redis://',
      'rediss://',
      'amqp://',
      'amqps://',
    ],
    pattern:
      /(?:mongodb(?:\+srv)?|mysqlx?|postgres(?:ql)?|rediss?|amqps?):\/\/[^:/\s@]{0,100}:(?<secret>[^@/\s]{1,200})@[^/\s?"'`<>]{1,100}/iy,
    reason: 'connection-string',
  },
  {
    begins: ['https://', 'http://', 'ftp://'],
    pattern: /(?:https?|ftp):\/\/[-A-Za-z0-9_.%]{1,64}:(?<secret>[-A-Za-z0-9_.~!*%]{1,256})@[-A-Za-z0-9._]{1,256}/iy,
    reason: 'password-in-address',
  },
]

/** Where a rule's beginning is shorter than a trigger may be, the alphabet that can follow is tried instead. */
const shortBegins: Readonly<Record<string, readonly string[]>> = {
  'sk-': [...'abcdefghijklmnopqrstuvwxyz0123456789'].map((char) => `sk-${char}`),
  hf_: [...'abcdefghijklmnopqrstuvwxyz'].map((char) => `hf_${char}`),
  'SG.': [...'abcdefghijklmnopqrstuvwxyz0123456789_-'].map((char) => `SG.${char}`),
}
const triggersOf = ({ begins }: TokenRule) => begins.flatMap((text) => shortBegins[text] ?? [text])

const rulesAt = new Map<string, readonly TokenRule[]>()
for (const rule of rules)
  for (const begin of triggersOf(rule)) {
    const key = begin.slice(0, 4).toLowerCase()
    rulesAt.set(key, [...new Set([...(rulesAt.get(key) ?? []), rule])])
  }

/** What stands in examples instead of a secret. */
const placeholder =
  /^(?:x{3,}|\*{3,}|\.{3,}|<.*|\$.*|%.*|\{.*|your.*|my.*|pass|passwd|passw0rd|password\d{0,4}|pwd|secret|changeme|example.*|sample|test\d{0,4}|dummy|foo|bar|user(?:name)?|admin|root|postgres|guest|token|x-oauth-basic|hunter2|db_?pass(?:word)?)$/i
export const isPlaceholder = (value: string): boolean =>
  placeholder.test(value) || /[${}]/.test(value) || /(.)\1{7}/.test(value)

export const secretToken: ContentFilter = {
  id: 'secret-token',
  group: 'secrets',
  severity: 'error',
  label: 'secret',
  actions: { permissive: { call: 'warn', reply: 'warn' }, strict: { call: 'block', reply: 'redact' } },
  triggers: [...new Set(rules.flatMap(triggersOf))],
  atTrigger(text, at, report) {
    if (isLetterOrDigit(text.charCodeAt(at - 1))) return undefined
    for (const rule of rulesAt.get(text.slice(at, at + 4).toLowerCase()) ?? []) {
      const end = tryRule(rule, text, at, report)
      if (end > 0) return end
    }
    return undefined
  },
}

/** @returns where the secret ends, or -1 */
function tryRule({ pattern, reason }: TokenRule, text: string, at: number, report: Report): number {
  pattern.lastIndex = at
  const match = pattern.exec(text)
  if (match === null) return -1
  const secret = match.groups?.secret ?? match[0]
  if (isPlaceholder(secret)) return -1
  const start = match.groups?.secret === undefined ? at : text.indexOf(secret, at)
  report(start, start + secret.length, reason)
  return at + match[0].length
}

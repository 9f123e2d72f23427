import type { Finding, FindingRule, FindingSeverity } from '../../../shared/domain/finding.ts'
import { excerpt, type PlacedText } from './texts.ts'

interface Phrase {
  readonly rule: FindingRule
  readonly severity: FindingSeverity
  readonly pattern: RegExp
}

const secretPlaces =
  '(?:~|\\$HOME|%USERPROFILE%|/home/\\w+|/Users/\\w+|/root)?[\\\\/]?(?:\\.ssh\\b|\\.aws[\\\\/]|\\.gnupg\\b|\\.kube[\\\\/]config|\\.netrc\\b|\\.npmrc\\b|\\.docker[\\\\/]config|\\.git-credentials)|\\bid_(?:rsa|ed25519|ecdsa)\\b|/etc/(?:passwd|shadow)\\b|\\bmcp\\.json\\b|\\bclaude_desktop_config\\b|\\bwallet\\.dat\\b|\\.env\\b file|\\b(?:private|ssh) keys?\\b|\\bseed phrase\\b|\\bbrowser (?:cookies|passwords)\\b'
const taking =
  '(?:read|open|load|cat|get|fetch|access|copy|include|pass|provide|attach|append|put|add|send|submit|supply|insert|use)'
const conversation =
  '(?:(?:entire|full|whole|complete|all (?:of )?(?:the )?|previous|prior|user.?s)\\s+)(?:the\\s+)?(?:conversation|chat|message|dialog(?:ue)?|context|prompt)s?(?:\\s+(?:history|log|so far|window))?|system prompt|(?:conversation|chat) history'

/**
 * What a description of a tool has no business saying. Sentences are matched within 80 characters, without repetition
 * of repetition, so that a long text takes time in proportion to its length.
 */
const phrases: readonly Phrase[] = [
  {
    rule: 'instructs-model',
    severity: 'high',
    pattern:
      /\b(?:ignore|disregard|forget|override|bypass|do not follow)\b[^.\n]{0,30}\b(?:previous|prior|above|earlier|preceding|other|system|safety|security|your|all)\b[^.\n]{0,20}\b(?:instructions?|prompts?|rules|guidelines|directions|polic(?:y|ies)|restrictions|training)\b/iu,
  },
  {
    rule: 'instructs-model',
    severity: 'high',
    pattern:
      /<\s*\/?\s*(?:important|system|instructions?|secret|hidden|critical|admin|priority|assistant|developer|override)\b[^>]{0,60}>/iu,
  },
  {
    rule: 'instructs-model',
    severity: 'high',
    pattern:
      /(?:\[\s*(?:system|inst|admin|hidden)\s*\]|<\|(?:im_start|im_end|system|endoftext)\|>|###\s*(?:system|instruction|new instructions?)\b|\bBEGIN (?:SYSTEM|HIDDEN|SECRET) )/iu,
  },
  {
    rule: 'instructs-model',
    severity: 'high',
    pattern:
      /\b(?:you are (?:now|no longer)|from now on,? (?:you|act|behave)|new (?:system )?instructions?:|act as (?:an? )?(?:unrestricted|jailbroken|admin))\b/iu,
  },
  {
    rule: 'keeps-from-person',
    severity: 'high',
    pattern:
      /\b(?:do not|don['’]t|never|must not|should not|without|avoid)\b[^.\n]{0,20}\b(?:tell|inform|mention|reveal|show|notify|disclose|report|alert|warn|telling|informing|mentioning|notifying|revealing|showing|alerting)\b[^.\n]{0,25}\b(?:the )?(?:user|human|person|anyone|operator)\b/iu,
  },
  {
    rule: 'keeps-from-person',
    severity: 'high',
    pattern:
      /\b(?:do not|don['’]t|never|must not)\b[^.\n]{0,15}\b(?:mention|reveal|disclose|show)\b[^.\n]{0,15}\b(?:this|these|that you)\b[^.\n]{0,25}\b(?:instructions?|note|step|to the user|read|fil(?:e|ed))\b|\bhide (?:this|it|these)\b[^.\n]{0,20}\bfrom (?:the )?(?:user|human|person)\b|\b(?:secretly|silently|covertly)\s+(?:read|send|call|pass|copy|upload|include|add|run|execute)\b/iu,
  },
  {
    rule: 'wants-secrets',
    severity: 'high',
    pattern: new RegExp(`\\b${taking}\\b(?:[^.\\n]|\\.\\S){0,60}(?:${secretPlaces})`, 'iu'),
  },
  {
    rule: 'wants-secrets',
    severity: 'medium',
    pattern: /(?:~|\$HOME)[\\/](?:\.ssh|\.aws|\.gnupg)\b|\/etc\/shadow\b|\bid_rsa\b/iu,
  },
  {
    rule: 'wants-conversation',
    severity: 'high',
    pattern: new RegExp(
      `\\b(?:pass|provide|include|put|send|append|attach|insert|copy|supply|submit|write|forward|record|log)\\b[^.\\n]{0,40}\\b(?:${conversation})`,
      'iu',
    ),
  },
  {
    rule: 'sends-away',
    severity: 'high',
    pattern:
      /\b(?:send|post|upload|forward|transmit|exfiltrate|bcc|cc|copy|report|submit|deliver)\b[^.\n]{0,60}\b(?:to|at)\b[^.\n]{0,20}(?:https?:\/\/(?!(?:localhost|127\.|example\.|www\.example\.))[\w.-]+|[\w.+-]+@(?!example\.)[\w-]+\.[a-z]{2,})/iu,
  },
  {
    rule: 'sends-away',
    severity: 'high',
    pattern: /!\[[^\]\n]{0,80}\]\(\s*https?:\/\/[^)\s]{0,200}(?:[?&][\w-]{1,30}=|\{|\$)/iu,
  },
  {
    rule: 'hidden-markup',
    severity: 'high',
    pattern:
      /<!--[\s\S]{0,2000}?-->|<\s*(?:script|iframe|object|embed)\b|<[^>]{0,80}\bstyle\s*=\s*["'][^"']{0,80}(?:display\s*:\s*none|font-size\s*:\s*0|opacity\s*:\s*0)/iu,
  },
  { rule: 'hidden-markup', severity: 'medium', pattern: /!\[[^\]\n]{0,80}\]\(\s*https?:/iu },
]

/** Sentences that speak to the model instead of describing: one finding a rule and text, the gravest. */
export function modelInstructions({ place, text }: PlacedText): Finding[] {
  const found = new Map<FindingRule, Finding>()
  const plain = folded(text)
  for (const { rule, severity, pattern } of phrases) {
    if (found.has(rule)) continue
    const match = pattern.exec(plain)
    if (match) found.set(rule, { place, rule, severity, detail: excerpt(plain, match.index, match[0].length) })
  }
  return [...found.values()]
}

/** Spaces of every kind as one, full-width letters as plain ones: what is spelled oddly is read the same. */
export const folded = (text: string): string =>
  text
    .normalize('NFKC')
    .replace(/[\u200B-\u200D\u2060\uFEFF\u00AD]/gu, '')
    .replace(/[^\S\n]+/gu, ' ')

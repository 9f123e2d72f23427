import { type ContentFilter, endOf, isLetterOrDigit } from './content-filter.ts'

interface Phrase {
  readonly triggers: readonly string[]
  /** Sticky, every repetition bounded. */
  readonly pattern: RegExp
  readonly reason: string
}

const gap = String.raw`[\s"'\u201c\u201d*_,:;-]{1,6}`
const which =
  '(?:all|any|every|each|the|your|my|our|of|these|those|this|that|and|previous(?:ly)?|prior|above|earlier|preceding|existing|former|original|initial|foregoing|given|other|system|safety|developer|current)'
const what =
  '(?:instructions?|prompts?|rules|guidelines|guardrails|directives?|system messages?|safety (?:measures|filters)|programming|training)'
const sink = String.raw`(?:api[ _-]?keys?|passwords?|credentials?|secrets?|tokens?|private keys?|ssh keys?|id_rsa|\.env\b|environment variables|cookies|(?:chat|conversation)(?: history)?|system prompt|contents? of)`

/**
 * Texts that speak to the model instead of informing it. Each phrase needs its verb and what it is about; a single word
 * such as “ignore” or “system prompt” says nothing.
 */
const phrases: readonly Phrase[] = [
  {
    triggers: ['ignor', 'disregard', 'forget', 'override', 'overriding', 'overrule', 'bypass', 'discard'],
    pattern: new RegExp(
      `(?:ignor(?:e|ing)|disregard(?:ing)?|forget(?:ting)?|overrid(?:e|ing)|overrule|bypass(?:ing)?|discard)(?:${gap}${which}){1,7}${gap}${what}`,
      'iy',
    ),
    reason: 'override',
  },
  {
    triggers: ['ignore', 'disregard', 'forget'],
    pattern: new RegExp(
      `(?:ignore|disregard|forget)${gap}(?:everything|all(?: of that)?|anything)${gap}(?:above|before|said before|you (?:were|have been) told|that came before|written above|up to (?:now|this point))`,
      'iy',
    ),
    reason: 'override',
  },
  {
    triggers: ['do not follow', 'don’t follow', "don't follow", 'stop following', 'do not obey', 'stop obeying'],
    pattern: new RegExp(
      `(?:do not|don[’']t|stop) (?:follow|obey)(?:ing)?(?:${gap}(?:the|your|my|all|any|of)){0,3}${gap}(?:previous|prior|above|earlier|original|initial|system|safety|developer|user[’']s)${gap}${what}`,
      'iy',
    ),
    reason: 'override',
  },
  {
    triggers: ['ignoră', 'ignorați', 'ignora ', 'uită ', 'uitați', 'nu respecta'],
    pattern:
      /(?:ignor(?:ă|ați|a)|uit(?:ă|ați)|nu respecta)(?:\s{1,4}(?:toate|orice|de|cele|tale|astea|acestea)){0,4}\s{1,4}(?:instrucțiunile|instructiunile|regulile|indicațiile|indicatiile)/iy,
    reason: 'override',
  },
  {
    triggers: ['ignorier', 'vergiss', 'missachte'],
    pattern:
      /(?:ignoriere?n?|vergiss|missachte)(?:\s{1,4}(?:sie|alle|deine|ihre|die|meine|jegliche|sämtliche|bisherigen|vorherigen|vorigen|obigen|früheren)){1,5}\s{1,4}(?:anweisungen|instruktionen|regeln|vorgaben|befehle)/iy,
    reason: 'override',
  },
  {
    triggers: ['ignore', 'ignorez', 'oublie', 'oubliez'],
    pattern:
      /(?:ignorez?|oubliez?)(?:\s{1,4}(?:toutes?|tes|vos|les|mes|ces)){1,4}\s{1,4}(?:(?:précédentes|anciennes)\s{1,4})?(?:instructions|consignes|règles|directives)\s{1,4}(?:précédentes|antérieures|ci-dessus|du système)/iy,
    reason: 'override',
  },
  {
    triggers: ['ignora', 'ignore', 'olvida', 'olvide', 'dimentica', 'esqueça', 'desconsidere'],
    pattern:
      /(?:ignor[ae]|olvid[ae]|dimentica|esqueça|desconsidere)(?:\s{1,4}(?:todas?|todos|tutte|as|le|las|los|tus|sus|tue|suas)){1,4}\s{1,4}(?:(?:precedenti|anteriores|previas)\s{1,4})?(?:instrucciones|istruzioni|instruções|reglas|regole|regras|órdenes)/iy,
    reason: 'override',
  },
  {
    triggers: ['忽略之前', '忽略以上', '忽略先前', '忽略所有', '忽略上述', '无视之前', '無視之前', '忽略前面'],
    pattern: /(?:忽略|无视|無視)(?:之前|以上|先前|所有|上述|前面)[^\n。]{0,10}(?:指令|指示|说明|說明|提示|规则|規則)/y,
    reason: 'override',
  },
  {
    triggers: ['指示を無視', '指示は無視', '命令を無視', '指示をすべて無視', '指示を全て無視'],
    pattern: /(?:指示|命令)[をは](?:すべて|全て)?無視/y,
    reason: 'override',
  },
  {
    triggers: ['игнорир', 'проигнорир', 'забудь', 'Игнорир', 'Забудь', 'Проигнорир'],
    pattern:
      /(?:[Ии]гнорируй(?:те)?|[Пп]роигнорируй(?:те)?|[Зз]абудь(?:те)?)(?:\s{1,4}(?:все|всё|свои|твои|ваши|предыдущие|прежние|прошлые)){1,4}\s{1,4}(?:инструкции|указания|правила|команды)/y,
    reason: 'override',
  },
  {
    triggers: [
      'do not tell',
      "don't tell",
      'don’t tell',
      'do not mention',
      "don't mention",
      'do not inform',
      "don't inform",
      'do not reveal',
      'do not disclose',
      'do not notify',
      'never tell',
      'never mention',
      'without telling',
      'without informing',
      'without notifying',
      'without mentioning',
      'hide this from',
      'keep this secret from',
      'keep this hidden from',
    ],
    pattern:
      /(?:(?:do not|don[’']t|never) (?:tell|mention|inform|reveal|disclose|notify)|without (?:telling|informing|notifying|mentioning)|(?:hide|keep) this (?:secret |hidden )?from)(?:[^.\n]{0,40}?)\b(?:the|this to the|your|our) (?:user|human|person|operator)\b/iy,
    reason: 'conceal',
  },
  {
    triggers: [
      '<|im_start|>',
      '<|system|>',
      '<|assistant|>',
      '<<sys>>',
      '[/inst]',
      '<|start_header_id|>',
      '<|endoftext|>',
      '<|eot_id|>',
      '<start_of_turn>',
      '\n\nhuman: ',
      '### instruction:',
      '### system:',
      '<system-reminder>',
      '<system_prompt>',
    ],
    pattern:
      /<\|(?:im_start|system|assistant|start_header_id|endoftext|eot_id)\|>|<<sys>>|\[\/inst\]|<start_of_turn>|### (?:instruction|system):|<system-reminder>|<system_prompt>/iy,
    reason: 'template',
  },
  {
    triggers: ['<important>', '<secret>', '<hidden>', '<instructions>'],
    pattern:
      /<(?:important|secret|hidden|instructions)>\s{0,10}[^<]{0,400}?\b(?:before (?:using|calling|you)|you must|read (?:the file|~)|pass (?:its|the) content|do not (?:tell|mention))/iy,
    reason: 'template',
  },
  {
    triggers: [
      'attention ai',
      'attention, ai',
      'note to ai',
      'note to the ai',
      'note for ai',
      'message to ai',
      'message for the ai',
      'instructions for ai',
      'instruction to the assistant',
      'instructions for the assistant',
      'hey assistant',
      'dear ai',
      'dear assistant',
      'if you are an ai',
      'if you are a language model',
      'if you are an llm',
      "if you're an ai",
      'to all ai',
      'ai agents:',
      'ai assistants must',
      'llm agents',
    ],
    pattern:
      /(?:attention,? ai\b|(?:note|message|instructions?) (?:to|for) (?:the |any |all )?(?:ai\b|assistant\b|llm\b|language models?\b|agents?\b)[^.\n]{0,60}?(?:[:!]|must|should|please|read|send|ignore)|(?:hey|dear) (?:ai\b|assistant\b)|if you(?: a|[’'])re (?:an? )?(?:ai|llm|language model|autonomous agent)\b|to all ai\b|ai agents:|ai assistants must|llm agents (?:must|should))/iy,
    reason: 'addressed',
  },
  {
    triggers: [
      'you are now',
      'from now on',
      'pretend to be',
      'pretend you are',
      'act as',
      'enter developer',
      'enable developer',
      'developer mode',
      'jailbreak',
    ],
    pattern:
      /(?:(?:you are now|from now on,? you (?:are|will be|must act as)|pretend (?:to be|(?:that )?you are)|act as|enter|enable)(?: an?| the| in)?(?: [a-z-]{1,20}){0,3} (?:dan\b|developer mode|jailbr\w{0,10}|unrestricted|unfiltered|uncensored|root shell|without (?:any )?(?:restrictions|rules|filters|limits))|jailbreak mode)/iy,
    reason: 'role',
  },
  {
    triggers: [
      'reveal',
      'print',
      'repeat',
      'output',
      'show me',
      'display',
      'leak',
      'what is your system',
      'what are your system',
    ],
    pattern:
      /(?:(?:reveal|print|repeat|output|show me|display|leak)(?: out)?(?: (?:all|of|the|your|full|entire|exact|complete|hidden|initial|original|verbatim)){1,5} (?:system prompt|system message|hidden prompt|initial prompt|(?:system|initial|hidden) instructions)|what (?:is|are) your system (?:prompt|instructions))/iy,
    reason: 'reveal',
  },
  {
    triggers: [
      'send',
      'post',
      'upload',
      'forward',
      'email',
      'e-mail',
      'exfiltrate',
      'transmit',
      'leak',
      'append',
      'include',
      'submit',
    ],
    pattern: new RegExp(
      String.raw`(?:send|post|upload|forward|e-?mail|exfiltrate|transmit|leak|append|include|submit)(?:${gap}[A-Za-z0-9./~]{1,24}){0,8}?${gap}${sink}(?:[^.\n]{0,60}?)(?:https?:\/\/|ftp:\/\/|\bto [\w.+-]{1,40}@|\bas (?:a|an|the) (?:query|url|get|post|parameter)|\bin the (?:url|query|image))`,
      'iy',
    ),
    reason: 'exfiltrate',
  },
  {
    triggers: ['read ', 'open ', 'cat ~', 'fetch', 'access', 'retrieve'],
    pattern:
      /(?:read|open|cat|fetch|access|retrieve)(?:[ \t]{1,3}[\w-]{1,16}){0,4}?[ \t]{1,3}["'`]?(?:~\/|\/home\/[\w.-]{1,32}\/|\/root\/|%userprofile%\\|\/etc\/)(?:\.ssh\/|\.aws\/|\.env|\.netrc|\.gnupg|\.cursor\/mcp\.json|\.config\/|shadow|passwd)[^.\n]{0,80}?(?:and|then)[^.\n]{0,40}?\b(?:send|pass|post|include|upload|forward|append|put)\b/iy,
    reason: 'exfiltrate',
  },
  {
    triggers: ['before using', 'before calling', 'before you use', 'before invoking', 'before executing'],
    pattern:
      /before (?:using|calling|you use|you call|invoking|executing) (?:this|any|the|other)[^.\n]{0,40}?,? (?:you must |always |first |please ){0,3}read (?:the (?:file|contents?)|[`"']?[~/])/iy,
    reason: 'exfiltrate',
  },
]

const phrasesAt = new Map<string, readonly Phrase[]>()
for (const phrase of phrases)
  for (const trigger of phrase.triggers) {
    const key = trigger.slice(0, 4).toLowerCase()
    phrasesAt.set(key, [...new Set([...(phrasesAt.get(key) ?? []), phrase])])
  }

export const instructions: ContentFilter = {
  id: 'instructions',
  group: 'instructions',
  severity: 'error',
  label: 'untrusted-instructions',
  actions: { permissive: { call: 'allow', reply: 'warn' }, strict: { call: 'warn', reply: 'redact' } },
  triggers: [...new Set(phrases.flatMap(({ triggers }) => triggers))],
  atTrigger(text, at, report) {
    if (isLetterOrDigit(text.charCodeAt(at)) && isLetterOrDigit(text.charCodeAt(at - 1))) return undefined
    for (const { pattern, reason } of phrasesAt.get(text.slice(at, at + 4).toLowerCase()) ?? []) {
      const end = endOf(pattern, text, at)
      if (end < 0) continue
      report(at, end, reason)
      return end
    }
    return undefined
  },
}

import type { FindingRule } from '../../domain/finding.ts'

/** Why a finding is told to the person. */
export const findings: Readonly<Record<FindingRule, string>> = {
  'hidden-text': 'It contains characters you cannot see, which a model reads.',
  'hidden-space': 'Blanks push part of the text out of sight.',
  'mixed-letters': 'Letters of another alphabet stand in for Latin ones, so that one word passes for another.',
  'instructs-model': 'It gives the model orders instead of describing what it does.',
  'keeps-from-person': 'It asks the model to keep something from you.',
  'wants-secrets': 'It speaks of keys, passwords or other private files.',
  'sends-away': 'It asks for something to be sent to an address of its choosing.',
  'wants-conversation': 'It asks for your conversation with the model.',
  'steers-other-tool': 'It says how a tool of another server is to be used.',
  'encoded-text': 'It carries text in an encoded form.',
  'hidden-markup': 'It contains markup that is not shown, or fetches something when shown.',
  'takes-anything': 'It takes any arguments at all, so what is sent cannot be checked.',
  'too-long': 'It says more than anybody can read.',
  'runs-text': 'Its code runs text as a program.',
  'runs-fetched-text': 'Its code runs text that comes from elsewhere, or was hidden in an encoded form.',
  'starts-programs': 'Its code starts other programs.',
  'raw-socket': 'Its code opens network connections of its own.',
  'reads-home-secrets': 'Its code names places where your keys and passwords are kept.',
  obfuscated: 'Its code was made unreadable on purpose.',
  'install-script': 'It wants to run something while it is installed. Gatehouse does not let it.',
  'native-code': 'It brings machine code that cannot be looked into.',
  'unreadable-code': 'This file is no valid program, so it could not be looked into.',
  'not-all-looked-at': 'There is more code than could be looked into.',
}

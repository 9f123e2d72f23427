import { recoveryPageWords as en } from '../../shared/messages/en/recovery.ts'
import { recoveryPageWords as ro } from '../../shared/messages/ro/recovery.ts'
import type { RecoveryWays } from './recover.ts'

const words = { en, ro }
type State = 'done' | { readonly problem: string | undefined }

/** One page without script: it has to work when nothing else of Gatehouse does. */
export function recoveryPage({ passphrase, backups }: RecoveryWays, language: 'en' | 'ro', state: State): string {
  const t = words[language]
  const body =
    state === 'done'
      ? `<p role="status">${t.done}</p>`
      : `${state.problem ? `<p role="alert">${escaped(state.problem)}</p>` : ''}<p>${t.text}</p>
${passphrase ? form('passphrase', t.passphraseTitle, t.passphraseText, `${secret('p1', t.passphrase)}${button(t.bringBack)}`) : ''}
${form('backup', t.backupTitle, t.backupText, `${backupChoice(backups, t.file)}${secret('p2', t.passphrase)}${button(t.restore)}`)}
${form('fresh', t.freshTitle, t.freshText, `<label><input type="checkbox" name="sure" value="yes" required> ${t.sure}</label>${button(t.beginAnew)}`)}`
  return `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Gatehouse</title><style>${style}</style></head><body><main><h1>${t.title}</h1>${body}</main></body></html>`
}

const form = (way: string, title: string, text: string, fields: string) =>
  `<form method="post"><h2>${title}</h2><p>${text}</p><input type="hidden" name="way" value="${way}">${fields}</form>`
const secret = (id: string, label: string) =>
  `<label for="${id}">${label}</label><input id="${id}" type="password" name="passphrase" required autocomplete="off">`
const button = (label: string) => `<button>${label}</button>`

function backupChoice(backups: readonly string[], label: string): string {
  const options = backups.map((name) => `<option value="${escaped(name)}">`).join('')
  const first = escaped(backups.toSorted().at(-1) ?? '')
  return `<label for="file">${label}</label><input id="file" name="file" list="files" value="${first}" required><datalist id="files">${options}</datalist>`
}

const escaped = (text: string) => text.replace(/[&<>"']/g, (character) => `&#${character.codePointAt(0)};`)

const style = `:root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;margin:0;padding:2rem 1rem}
main{max-width:40rem;margin:auto}form{border:1px solid #8888;border-radius:.75rem;padding:1rem 1.25rem;margin:1rem 0}
h1{font-size:1.5rem}h2{font-size:1.1rem;margin:0}label{display:block;margin-top:.75rem}
input:not([type=checkbox]){box-sizing:border-box;width:100%;padding:.5rem;font:inherit}button{margin-top:1rem;padding:.5rem 1rem;font:inherit}
[role=alert]{border-left:4px solid #c33;padding-left:.75rem;font-weight:600}`

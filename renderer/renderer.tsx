/** The window: mirrors what main decided and carries the person's answers to it. It decides nothing and keeps no secret. */
import './zod-setup.ts'
import './styles.css'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { I18nextProvider } from 'react-i18next'
import { App } from './app/app.tsx'
import { applyTheme } from './app/appearance.ts'
import { ConfirmContext } from './app/confirm-context.tsx'
import { GatehouseProvider } from './app/gatehouse-context.tsx'
import { PassphraseAsker } from './app/passphrase-asker.ts'
import { mirrorOf } from './app/store.ts'
import { openWords, WordsProvider } from './app/words.tsx'
import { gatehouseClient } from './client.ts'
import { openTransport } from './transport/transport.ts'

async function openWindow(place: Element): Promise<void> {
  applyTheme('system')
  const words = await openWords(navigator.language.startsWith('ro') ? 'ro' : 'en')
  const transport = openTransport(window)
  const passphrases = new PassphraseAsker()
  const client = gatehouseClient(transport, passphrases.ask)
  const store = mirrorOf(transport, client)
  createRoot(place).render(
    <StrictMode>
      <I18nextProvider i18n={words}>
        <WordsProvider>
          <ConfirmContext value={transport.confirm}>
            <GatehouseProvider gatehouse={{ api: client.api, store }}>
              <App passphrases={passphrases} />
            </GatehouseProvider>
          </ConfirmContext>
        </WordsProvider>
      </I18nextProvider>
    </StrictMode>,
  )
}

const place = document.getElementById('root')
if (place) void openWindow(place)

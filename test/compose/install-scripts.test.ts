import { describe, expect, it } from 'vitest'
import { askForScripts } from '../../main/compose/install-scripts.ts'
import type { ServerName } from '../../shared/domain/ids.ts'
import { serverFailed } from '../../shared/errors.ts'

const native = 'native' as ServerName
const scripts = [{ package: 'esbuild', version: '0.25.0', runs: ['postinstall: node install.js'] }]

function aDesk(given: { answer?: boolean; windowOpen?: boolean; run?: () => Promise<void> } = {}) {
  const happened: string[] = []
  const desk = askForScripts({
    base: {
      notice: (level: string, text: string) => happened.push(`${level}: ${text}`),
      audit: { append: ({ action }: { action: string }) => happened.push(action) },
      settings: { current: { language: 'en' } },
    } as never,
    windowOpen: () => given.windowOpen ?? true,
    ask: async (server, commands) => {
      happened.push(`asked ${server}: ${commands.join()}`)
      return given.answer ?? false
    },
    run: async () => {
      happened.push('run')
      await given.run?.()
    },
    restart: async () => void happened.push('restarted'),
  })
  return { happened, desk }
}

describe('install scripts of a package', () => {
  it('are told of and asked about with each command; allowed, they run and the server starts afresh', async () => {
    const { desk, happened } = aDesk({ answer: true })
    await desk(native, scripts)
    expect(happened[0]).toContain('warning: Packages of “native” wanted to run something')
    expect(happened.slice(1, 5)).toEqual([
      'asked native: esbuild@0.25.0  postinstall: node install.js',
      'server.install-scripts',
      'run',
      'restarted',
    ])
  })

  it('do not run when the person says no, or nobody sits at a window', async () => {
    for (const given of [{}, { windowOpen: false, answer: true }]) {
      const { desk, happened } = aDesk(given)
      await desk(native, scripts)
      expect(happened).not.toContain('run')
    }
  })

  it('that fail are told of in words', async () => {
    const { desk, happened } = aDesk({
      answer: true,
      run: () => Promise.reject(serverFailed('native', 'npm gave up.')),
    })
    await desk(native, scripts)
    expect(happened.at(-1)).toContain('npm gave up.')
    expect(happened).not.toContain('restarted')
  })
})

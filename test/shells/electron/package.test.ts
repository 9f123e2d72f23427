import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { sourceFiles } from '../../architecture/source-files.ts'

const root = resolve(import.meta.dirname, '../../..')
const builder = parse(readFileSync(resolve(root, 'electron-builder.yml'), 'utf8'))

describe('the packaged app', () => {
  it('is no general-purpose Node and runs only its own, intact code', () => {
    expect(builder.electronFuses).toEqual({
      runAsNode: false,
      enableCookieEncryption: true,
      enableNodeOptionsEnvironmentVariable: false,
      enableNodeCliInspectArguments: false,
      enableEmbeddedAsarIntegrityValidation: true,
      onlyLoadAppFromAsar: true,
      loadBrowserProcessSpecificV8Snapshot: false,
      grantFileProtocolExtraPrivileges: false,
    })
    expect(builder.asar).toBe(true)
  })

  it('opens gatehouse: links, under the name that Windows knows its notifications by', () => {
    expect(builder.protocols).toEqual([{ name: 'Gatehouse', schemes: ['gatehouse'] }])
    expect(builder.appId).toBe('app.gatehouse.desktop')
  })

  it('hands no address to the system to open but the page of a sign-in', () => {
    const files = sourceFiles(['main', 'preload']).filter(({ path }) =>
      /^(main\/shells\/electron|preload)\//.test(path),
    )
    expect(files.length).toBeGreaterThan(10)
    const opening = files.filter(({ path }) => readFileSync(resolve(root, path), 'utf8').includes('openExternal('))
    expect(opening.map(({ path }) => path)).toEqual(['main/shells/electron/external-page.ts'])
  })
})

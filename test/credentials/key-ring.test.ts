import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type KeyRingOptions, openKeyRing } from '../../main/credentials/key-ring.ts'
import type { Keytar } from '../../main/credentials/keytar-ring.ts'
import { masterKeys } from '../../main/credentials/master-keys.ts'
import type { SafeStorage } from '../../main/credentials/safe-storage-ring.ts'
import { memoryRing } from './memory-ring.ts'

let home: string
let vaultFile: string
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'gatehouse-ring-'))
  vaultFile = join(home, 'vault')
})
afterEach(() => rmSync(home, { recursive: true, force: true }))

const value = Buffer.from([0, 255, 10, 200])
const open = (options: Partial<KeyRingOptions>) =>
  openKeyRing({ mode: 'system', vaultFile, patienceMs: 50, loadKeytar: missing, ...options })
const missing = () => Promise.reject(new Error('Cannot find module keytar'))
const unavailable = (problem: string) => ({
  code: 'keys.unavailable',
  params: { problem: expect.stringContaining(problem), remedy: expect.stringMatching(/\w/) },
})

describe('the vault file', () => {
  it('keeps values under its passphrase, private and encrypted', async () => {
    const vault = await open({ mode: 'file', passphrase: 'correct horse' })
    await Promise.all([vault.set('one', value), vault.set('two', Buffer.from('plain text'))])
    expect(await vault.delete('two')).toBe(true)
    expect(await vault.delete('two')).toBe(false)
    expect((statSync(vaultFile).mode & 0o777).toString(8)).toBe('600')
    const text = readFileSync(vaultFile, 'utf8')
    expect(text).not.toContain('one')
    expect(JSON.parse(text).kdf).toEqual({ name: 'scrypt', N: 131072, r: 8, p: 1 })
    const again = await open({ mode: 'file', passphrase: 'correct horse' })
    expect(await again.get('one')).toEqual(value)
    expect(await again.get('two')).toBeUndefined()
  })

  it('refuses a wrong passphrase, none, and a damaged file', async () => {
    await open({ mode: 'file', passphrase: 'correct horse' })
    await expect(open({ mode: 'file', passphrase: 'wrong horse' })).rejects.toMatchObject(
      unavailable('does not open the vault'),
    )
    await expect(open({ mode: 'file' })).rejects.toMatchObject(unavailable('needs a passphrase'))
    writeFileSync(vaultFile, '{"version":1,"kdf":{"N":1}}')
    await expect(open({ mode: 'file', passphrase: 'correct horse' })).rejects.toMatchObject(unavailable('damaged'))
  })
})

describe('the system keychain', () => {
  it('keeps entries of two data folders apart', async () => {
    const entries = new Map<string, string>()
    const other = mkdtempSync(join(tmpdir(), 'gatehouse-ring-'))
    const one = await open({ loadKeytar: async () => fakeKeytar(entries) })
    const two = await open({ loadKeytar: async () => fakeKeytar(entries), vaultFile: join(other, 'vault') })
    await one.set('key', value)
    expect(await two.get('key')).toBeUndefined()
    expect(await one.get('key')).toEqual(value)
    expect([...entries.keys()].every((name) => /^gatehouse [0-9a-f]{16}\//.test(name))).toBe(true)
    rmSync(other, { recursive: true })
  })

  it('that is missing, refuses, or never answers is said with a remedy', async () => {
    await expect(open({})).rejects.toMatchObject(unavailable('not installed'))
    const refusing = { ...fakeKeytar(), setPassword: () => Promise.reject(new Error('Cannot autolaunch D-Bus')) }
    await expect(open({ loadKeytar: async () => refusing })).rejects.toMatchObject(
      unavailable('Cannot autolaunch D-Bus'),
    )
    const hanging = { ...fakeKeytar(), setPassword: () => new Promise<void>(() => {}) }
    await expect(open({ loadKeytar: async () => hanging })).rejects.toMatchObject(
      unavailable('no answer within 0.05 s'),
    )
  })

  it('stays the place of a data folder’s keys: nothing else takes over when it is locked', async () => {
    await open({ loadKeytar: async () => fakeKeytar() })
    await expect(open({ safeStorage: fakeSafeStorage() })).rejects.toMatchObject(unavailable('not installed'))
    await expect(open({ mode: 'file', passphrase: 'correct horse' })).rejects.toMatchObject(
      unavailable('held by the system keychain'),
    )
  })
})

describe('Electron’s safeStorage', () => {
  it('takes over where there is no keychain module, and keeps only encrypted blobs', async () => {
    const ring = await open({ safeStorage: fakeSafeStorage() })
    await ring.set('one', Buffer.from('plain text'))
    expect(ring.kind).toBe('safe-storage')
    const file = `${vaultFile}.safe-storage`
    expect((statSync(file).mode & 0o777).toString(8)).toBe('600')
    expect(readFileSync(file, 'utf8')).not.toContain(Buffer.from('plain text').toString('base64'))
    expect((await (await open({ safeStorage: fakeSafeStorage() })).get('one'))?.toString()).toBe('plain text')
    await expect(open({})).rejects.toMatchObject(unavailable('safeStorage is needed'))
  })

  it('is refused where it would store plain text, or is not available', async () => {
    const basic = { ...fakeSafeStorage(), getSelectedStorageBackend: () => 'basic_text' }
    await expect(open({ safeStorage: basic })).rejects.toMatchObject(unavailable('plain text'))
    const off = { ...fakeSafeStorage(), isEncryptionAvailable: () => false }
    await expect(open({ safeStorage: off })).rejects.toMatchObject(unavailable('not available'))
  })
})

describe('master keys', () => {
  it('are made once, and only for a folder that holds nothing yet', async () => {
    const entries = new Map<string, Buffer>()
    await expect(masterKeys(memoryRing(entries), false)).rejects.toMatchObject(unavailable('holds no key'))
    const made = await masterKeys(memoryRing(entries), true)
    const read = await masterKeys(memoryRing(entries), false)
    expect(read.rows).toEqual(made.rows)
    expect(read.data).toEqual(made.data)
    expect(read.rows).not.toEqual(read.data)
    expect(read.audit.equals(made.audit)).toBe(true)
    expect(read.audit.asymmetricKeyType).toBe('ed25519')
  })
})

function fakeKeytar(entries = new Map<string, string>()): Keytar {
  return {
    getPassword: async (service, account) => entries.get(`${service} ${account}`) ?? null,
    setPassword: async (service, account, password) => void entries.set(`${service} ${account}`, password),
    deletePassword: async (service, account) => entries.delete(`${service} ${account}`),
  }
}

function fakeSafeStorage(): SafeStorage {
  const turned = (bytes: Buffer) => Buffer.from(bytes.map((byte) => byte ^ 0x5a))
  return {
    isEncryptionAvailable: () => true,
    encryptString: (plain) => turned(Buffer.from(plain)),
    decryptString: (box) => turned(box).toString(),
  }
}

describe('a vault file whose changes a system keychain counts', () => {
  const entries = new Map<string, string>()
  beforeEach(() => entries.clear())
  const openVault = (load = async () => fakeKeytar(entries)) =>
    open({ mode: 'file', passphrase: 'correct horse', loadKeytar: load })

  it('is found to be an older copy of itself, and stays one however often it is changed', async () => {
    const vault = await openVault()
    expect(vault.vault?.state()).toBe('watched')
    const older = readFileSync(vaultFile)
    await vault.set('one', value)
    expect((await openVault()).vault?.state()).toBe('watched')
    writeFileSync(vaultFile, older)
    const again = await openVault()
    expect(again.vault?.state()).toBe('behind')
    for (let change = 0; change < 5; change++) await again.set(`entry-${change}`, value)
    expect((await openVault()).vault?.state()).toBe('behind')
  })

  it('is right again by the person’s word, and what was before it is then older', async () => {
    const vault = await openVault()
    const older = readFileSync(vaultFile)
    await vault.set('one', value)
    const newer = readFileSync(vaultFile)
    writeFileSync(vaultFile, older)
    await (await openVault()).vault?.accept()
    expect((await openVault()).vault?.state()).toBe('watched')
    for (const copy of [older, newer]) {
      const kept = readFileSync(vaultFile)
      writeFileSync(vaultFile, copy)
      expect((await openVault()).vault?.state()).toBe('behind')
      writeFileSync(vaultFile, kept)
    }
  })

  it('is not trusted when somebody took the number out of the keychain', async () => {
    await (await openVault()).set('one', value)
    for (const name of [...entries.keys()]) if (name.endsWith('vault-version')) entries.delete(name)
    expect((await openVault()).vault?.state()).toBe('behind')
  })

  it('ahead of its number, after a kill between the two, is right', async () => {
    const vault = await openVault()
    const number = [...entries].find(([name]) => name.endsWith('vault-version'))
    await vault.set('one', value)
    if (number) entries.set(...number)
    expect((await openVault()).vault?.state()).toBe('watched')
  })

  it('that is made anew is no older copy, and leaves nothing in the keychain when it is given up', async () => {
    await (await openVault()).set('one', value)
    rmSync(vaultFile)
    const fresh = await openVault()
    expect(fresh.vault?.state()).toBe('watched')
    await fresh.vault?.forget()
    expect([...entries.keys()]).toEqual([])
  })

  it('goes on without one that does not answer, and says that nobody counts', async () => {
    await (await openVault()).set('one', value)
    const without = await openVault(missing)
    expect(without.vault?.state()).toBe('unwatched')
    await without.set('two', value)
    expect((await openVault()).vault?.state()).toBe('watched')
  })
})

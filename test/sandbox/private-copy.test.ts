import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { readdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { copyPrivately, TooLargeToCopy } from '../../main/sandbox/private-copy.ts'

describe.runIf(process.platform === 'linux')('a private copy', () => {
  let base: string
  let folder: string
  beforeEach(() => {
    base = realpathSync(mkdtempSync(join(tmpdir(), 'gatehouse-copy-')))
    folder = join(base, 'folder')
    mkdirSync(join(folder, 'deep/deeper'), { recursive: true })
    writeFileSync(join(folder, 'deep/deeper/a.txt'), 'a')
  })
  afterEach(() => rmSync(base, { recursive: true, force: true }))
  const copy = (most?: number) =>
    copyPrivately([{ path: folder, access: 'write' }], join(base, `copy-${Math.random()}`), [], most)

  it('holds files and folders, and links as links; writing through a hard link changes the copy alone', async () => {
    symlinkSync('/etc/passwd', join(folder, 'link'))
    linkSync(join(folder, 'deep/deeper/a.txt'), join(folder, 'hard'))
    const { at } = await copy()
    const copied = at.get(folder) ?? ''
    expect(readdirSync(copied, { recursive: true }).sort()).toEqual(
      ['deep', 'deep/deeper', 'deep/deeper/a.txt', 'hard', 'link'].sort(),
    )
    writeFileSync(join(copied, 'hard'), 'changed')
    expect(readFileSync(join(folder, 'deep/deeper/a.txt'), 'utf8')).toBe('a')
  })

  it('counts what was changed, added and removed in it, also when its times are set back', async () => {
    writeFileSync(join(folder, 'b.txt'), 'b')
    const made = await copy()
    const copied = made.at.get(folder) ?? ''
    expect(await made.changedFiles()).toBe(0)
    writeFileSync(join(copied, 'b.txt'), 'c')
    utimesSync(join(copied, 'b.txt'), 0, 0)
    writeFileSync(join(copied, 'new.txt'), 'n')
    rmSync(join(copied, 'deep'), { recursive: true })
    expect(await made.changedFiles()).toBe(3)
  })

  it('is refused over its size, by large files and by many small ones', async () => {
    await expect(copy(4096 * 3)).rejects.toBeInstanceOf(TooLargeToCopy)
    for (let at = 0; at < 20; at++) writeFileSync(join(folder, `${at}`), '')
    await expect(copy(4096 * 20)).rejects.toBeInstanceOf(TooLargeToCopy)
    expect((await copy(4096 * 24)).at.size).toBe(1)
  })

  it('never follows a link that another program puts in place of a folder or a file while it is copied', async () => {
    mkdirSync(join(base, 'keys'))
    writeFileSync(join(base, 'keys/a.txt'), 'SECRET')
    const swap = `
      const fs = require('node:fs'); const [folder, keys] = process.argv.slice(1); const at = folder + '/deep/deeper'
      console.log('ready')
      for (;;) {
        fs.renameSync(at, folder + '/aside'); fs.symlinkSync(keys, at)
        fs.unlinkSync(at); fs.renameSync(folder + '/aside', at)
        fs.renameSync(at + '/a.txt', at + '/b'); fs.symlinkSync(keys + '/a.txt', at + '/a.txt')
        fs.unlinkSync(at + '/a.txt'); fs.renameSync(at + '/b', at + '/a.txt')
      }`
    const swapping = spawn(process.execPath, ['-e', swap, folder, join(base, 'keys')], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    await once(swapping.stdout, 'data')
    try {
      let links = 0
      for (let at = 0; at < 300; at++) {
        const { at: places } = await copy()
        const copied = places.get(folder) ?? ''
        // the promise does not follow links, readdirSync does
        for (const one of await readdir(copied, { recursive: true, withFileTypes: true })) {
          if (one.isSymbolicLink()) links += 1
          if (one.isFile()) expect(readFileSync(join(one.parentPath, one.name), 'utf8')).toBe('a')
        }
      }
      expect(links).toBeGreaterThan(0) // the swap did come in between
    } finally {
      swapping.kill('SIGKILL')
      await once(swapping, 'exit')
    }
  })
})

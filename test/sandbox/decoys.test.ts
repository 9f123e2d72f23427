import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { decoyKinds } from '../../main/sandbox/decoys/decoy-kinds.ts'
import { Decoys } from '../../main/sandbox/decoys/decoys.ts'
import { rowSeal } from '../../main/store/row-seal.ts'
import type { ServerName } from '../../shared/domain/ids.ts'
import { processorTime } from '../support/processor-time.ts'

const seal = rowSeal(Buffer.alloc(32, 9))
const someDecoys = () => new Decoys((about) => seal.seal('decoy', { about }))

describe.runIf(process.platform === 'linux')('decoys', () => {
  let home: string
  let decoys: Decoys
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'gatehouse-decoys-'))
    decoys = someDecoys()
  })
  afterEach(() => rmSync(home, { recursive: true, force: true }))

  const watched = () => {
    const seen: string[] = []
    const place = decoys.in(home, 'one' as ServerName)
    place.plant()
    const stop = place.watch(({ kind, how }) => seen.push(`${kind.path} ${how}`))
    return { seen, stop }
  }

  it.each(decoyKinds.map(({ path }) => path))('notice that %s was read, at once and again', async (path) => {
    const { seen, stop } = watched()
    readFileSync(join(home, path))
    await expect.poll(() => seen, { timeout: 3000 }).toEqual([`${path} read`])
    readFileSync(join(home, path))
    stop()
    expect(seen).toEqual([`${path} read`, `${path} read`])
  })

  it('notice a reader that sets the time back, a change, a removal and an exchange', () => {
    const { seen, stop } = watched()
    const key = join(home, '.ssh/id_ed25519_work')
    const { atime, mtime } = statSync(key)
    readFileSync(key)
    utimesSync(key, atime, mtime)
    writeFileSync(join(home, '.aws/credentials'), 'mine')
    rmSync(join(home, '.wallet'), { recursive: true })
    stop()
    expect(seen.sort()).toEqual([
      '.aws/credentials changed',
      '.ssh/id_ed25519_work changed',
      '.wallet/seed.txt removed',
    ])
  })

  it('stay quiet when a program only lists the home, and where two processes share it', () => {
    const first = watched()
    const second = watched()
    statSync(join(home, '.ssh/id_ed25519_work'))
    first.stop()
    second.stop()
    const third = watched()
    third.stop()
    expect([...first.seen, ...second.seen, ...third.seen]).toEqual([])
  })

  it('leave alone what a server keeps under such a name itself', () => {
    mkdirSync(join(home, '.aws'))
    writeFileSync(join(home, '.aws/credentials'), 'its own')
    const { seen, stop } = watched()
    readFileSync(join(home, '.aws/credentials'))
    stop()
    expect(seen).toEqual([])
    expect(readFileSync(join(home, '.aws/credentials'), 'utf8')).toBe('its own')
  })

  it('are known again in a text, plain, in base64 and hexadecimal, and by their server', () => {
    decoys.in(home, 'one' as ServerName).plant()
    for (const { path } of decoyKinds) {
      const text = readFileSync(join(home, path), 'utf8')
      for (const padding of ['', 'x', 'xy']) {
        const carried = Buffer.from(padding + text)
        for (const form of [
          carried.toString('utf8'),
          carried.toString('base64'),
          carried.toString('hex'),
          carried.toString('base64url'),
        ])
          expect(decoys.carriedIn(`{"text":"${form}"}`), path).toEqual([
            expect.objectContaining({ server: 'one', path, how: 'carried on', severity: 'critical' }),
          ])
      }
    }
    expect(decoys.carriedIn('AKIAIOSFODNN7EXAMPLE and nothing else')).toEqual([])
  })

  it('differ from server to server and between computers, and stay the same over a restart', () => {
    const contentOf = (with_: Decoys, server: string) => {
      const place = mkdtempSync(join(tmpdir(), 'gatehouse-decoys-'))
      with_.in(place, server as ServerName).plant()
      const text = readFileSync(join(place, '.aws/credentials'), 'utf8')
      rmSync(place, { recursive: true })
      return text
    }
    const other = new Decoys((about) => rowSeal(Buffer.alloc(32, 8)).seal('decoy', { about }))
    expect(contentOf(decoys, 'one')).not.toBe(contentOf(decoys, 'two'))
    expect(contentOf(decoys, 'one')).not.toBe(contentOf(other, 'one'))
    expect(contentOf(decoys, 'one')).toBe(contentOf(someDecoys(), 'one'))
  })

  it('cost next to nothing to look for in a large text', () => {
    decoys.in(home, 'one' as ServerName).plant()
    const text = JSON.stringify({ text: 'Lorem ipsum dolor sit amet, AKIA consectetur 0123456789. '.repeat(20_000) })
    decoys.carriedIn(text)
    const tookMs = processorTime()
    for (let at = 0; at < 10; at++) decoys.carriedIn(text)
    const msPerKb = tookMs() / 10 / (text.length / 1024)
    expect(msPerKb).toBeLessThan(0.02)
  })
})

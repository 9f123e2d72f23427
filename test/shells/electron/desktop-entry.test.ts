import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { desktopEntry } from '../../../main/shells/electron/desktop-entry.ts'

const folder = () => join(mkdtempSync(join(tmpdir(), 'gatehouse-autostart-')), 'autostart')

describe('starting at sign-in on Linux', () => {
  it('is off until it is switched on, and off again after', () => {
    const autostart = desktopEntry(folder(), '/opt/Gatehouse/gatehouse', ['--hidden'])
    expect(autostart.isOn()).toBe(false)
    autostart.set(false)
    autostart.set(true)
    expect(autostart.isOn()).toBe(true)
    autostart.set(false)
    expect(autostart.isOn()).toBe(false)
  })

  it('starts this program hidden, whatever its path is made of', () => {
    const place = folder()
    desktopEntry(place, '/home/ana/My $Apps/100%/gate"house', ['--hidden']).set(true)
    const text = readFileSync(join(place, 'gatehouse.desktop'), 'utf8')
    expect(text).toContain('[Desktop Entry]\nType=Application\n')
    expect(text).toContain(String.raw`Exec="/home/ana/My \\$Apps/100%%/gate\\"house" --hidden`)
  })
})

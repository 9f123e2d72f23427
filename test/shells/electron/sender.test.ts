import type { IpcMainInvokeEvent, WebContents, WebFrameMain } from 'electron'
import { describe, expect, it } from 'vitest'
import { isOwnPage } from '../../../main/shells/electron/sender.ts'

const aFrame = (url: string, origin = 'app://gatehouse') => ({ url, origin }) as WebFrameMain
const contentsOf = (mainFrame: WebFrameMain) => ({ mainFrame }) as WebContents
const page = 'app://gatehouse/#/approvals'

function heard(senderFrame: WebFrameMain | null, sender: WebContents, own: WebContents[] = [sender]): boolean {
  return isOwnPage({ sender, senderFrame } as Pick<IpcMainInvokeEvent, 'sender' | 'senderFrame'>, own)
}

describe('a message from a page', () => {
  it('is heard from the top frame of our own page', () => {
    const top = aFrame(page)
    expect(heard(top, contentsOf(top))).toBe(true)
  })

  it('is not heard from a frame inside it, even one with our address', () => {
    expect(heard(aFrame(page), contentsOf(aFrame(page)))).toBe(false)
  })

  it('is not heard from a frame that is gone', () => {
    expect(heard(null, contentsOf(aFrame(page)))).toBe(false)
  })

  it.each([
    ['app://gatehouse.evil/', 'app://gatehouse.evil'],
    ['app://gatehouse/', 'null'],
    ['about:blank', 'app://gatehouse'],
    ['https://example.com/app://gatehouse/', 'https://example.com'],
    ['file:///app://gatehouse/', 'file://'],
  ])('is not heard from another page: %s', (url, origin) => {
    const top = aFrame(url, origin)
    expect(heard(top, contentsOf(top))).toBe(false)
  })

  it('is not heard from a window that is not ours', () => {
    const top = aFrame(page)
    expect(heard(top, contentsOf(top), [contentsOf(top)])).toBe(false)
  })
})

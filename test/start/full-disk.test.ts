import { describe, expect, it } from 'vitest'
import { isFullDisk } from '../../main/start/full-disk.ts'

describe('an error nobody caught', () => {
  it.each(['ENOSPC', 'EROFS', 'EDQUOT', 'SQLITE_FULL', 'SQLITE_IOERR_WRITE'])(
    'counts as a full disk when it is %s',
    (code) => {
      expect(isFullDisk(Object.assign(new Error('x'), { code }))).toBe(true)
    },
  )

  it.each([new TypeError('x'), Object.assign(new Error('x'), { code: 'SQLITE_CORRUPT' }), 'ENOSPC', null, undefined])(
    'is one that ends the app: %s',
    (error) => {
      expect(isFullDisk(error)).toBe(false)
    },
  )
})

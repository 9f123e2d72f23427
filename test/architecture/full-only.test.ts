import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { fullOnly } from '../full-only.ts'

const root = resolve(import.meta.dirname, '..', '..')
const files = fullOnly.map(({ file }) => file)

describe('the files left to the full run', () => {
  it.each(fullOnly)('$file is there and $coveredBy covers it every time', ({ file, coveredBy }) => {
    expect([file, coveredBy].filter((name) => !existsSync(join(root, name)))).toEqual([])
    expect(coveredBy).toMatch(/^test\/.+\.test\.tsx?$/)
    expect(files).not.toContain(coveredBy)
  })

  it('names no file twice', () => {
    expect(new Set(files).size).toBe(files.length)
  })
})

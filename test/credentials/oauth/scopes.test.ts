import { describe, expect, it } from 'vitest'
import { missingScopes, scopeList, scopeToAsk } from '../../../main/credentials/oauth/scopes.ts'
import { scopeWords } from '../../../shared/messages/scope-words.ts'

const nothing = { asked: undefined, granted: undefined, resourceScopes: undefined, serverScopes: undefined }

describe('what is asked for', () => {
  it('is what the server’s refusal named before what its metadata names, and nothing where neither does', () => {
    expect(scopeToAsk({ ...nothing, asked: 'a b', resourceScopes: ['c'] })).toBe('a b')
    expect(scopeToAsk({ ...nothing, resourceScopes: ['c', 'd'] })).toBe('c d')
    expect(scopeToAsk({ ...nothing, serverScopes: ['offline_access'] })).toBeUndefined()
  })

  it('keeps what was granted, and asks to be renewed where that is offered', () => {
    expect(scopeToAsk({ ...nothing, asked: 'write', granted: 'read' })).toBe('read write')
    expect(scopeToAsk({ ...nothing, asked: 'read', serverScopes: ['offline_access'] })).toBe('read offline_access')
  })

  it('leaves out what is no scope, and repeats none', () => {
    expect(scopeList('a  a\tb', 'b "c" d\\e', undefined)).toEqual(['a', 'b'])
    expect(missingScopes('a b', 'b')).toEqual(['a'])
  })
})

describe('a scope in words', () => {
  it.each([
    ['offline_access', 'stay signed in without asking you again (offline_access)'],
    ['files:read', 'read: files (files:read)'],
    ['read:org', 'read: org (read:org)'],
    ['mcp', '“mcp”'],
    ['write', '“write”'],
    ['https://www.googleapis.com/auth/drive', '“https://www.googleapis.com/auth/drive”'],
    ['constructor', '“constructor”'],
    ['x:toString', '“x:toString”'],
  ])('%s', (scope, words) => expect(scopeWords(scope, 'en')).toBe(words))
})

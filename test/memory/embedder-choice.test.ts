import { expect, it } from 'vitest'
import { embedderChoice } from '../../shared/contract/memory.ts'

it.each([
  ['https://models.example/v1', true],
  ['http://127.0.0.1:11434', true],
  ['http://localhost:11434', true],
  ['http://[::1]:11434', true],
  ['http://192.168.1.20:11434', false],
  ['http://localhost.evil.example', false],
  ['http://127.0.0.1.nip.example:11434', false],
  ['https://ana:secret@models.example', false],
])('takes an embedder at %s: %s, since what is remembered goes there', (url, taken) => {
  expect(embedderChoice.safeParse({ kind: 'ollama', url, model: 'nomic-embed-text' }).success).toBe(taken)
})

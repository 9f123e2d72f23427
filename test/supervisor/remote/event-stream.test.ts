import { Readable } from 'node:stream'
import { expect, it } from 'vitest'
import { readEvents, type StreamEvent } from '../../../main/supervisor/remote/event-stream.ts'

async function eventsIn(chunks: readonly (string | Buffer)[], longest = 1000) {
  const events: StreamEvent[] = []
  const waits: number[] = []
  await readEvents(Readable.from(chunks.map((chunk) => Buffer.from(chunk))), longest, {
    event: (event) => events.push(event),
    retry: (ms) => waits.push(ms),
  })
  return { events, waits }
}

it('reads events however they are cut, also within a character', async () => {
  const bytes = Buffer.from('id: 1\ndata: {"a":"ș"}\n\nevent: endpoint\r\ndata: /messages\r\n\r\n')
  const { events } = await eventsIn([...bytes].map((byte) => Buffer.from([byte])))
  expect(events).toEqual([
    { type: 'message', data: '{"a":"ș"}', id: '1' },
    { type: 'endpoint', data: '/messages' },
  ])
})

it('passes on how long to wait', async () => {
  expect((await eventsIn(['retry: 500\n\n'])).waits).toEqual([500])
})

it('ends with a clear problem when one event grows past what is allowed, in one line or in many', async () => {
  await expect(eventsIn([`data: ${'x'.repeat(600)}`, 'x'.repeat(600)])).rejects.toThrow('over 48 MB')
  await expect(eventsIn(Array(40).fill(`data: ${'x'.repeat(50)}\n`))).rejects.toThrow('over 48 MB')
})

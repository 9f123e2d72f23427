import { expect, it } from 'vitest'
import { anApp, eachInOwnHome, gatehouse, withPassphrase } from './an-app.ts'

eachInOwnHome()

it('looks through the record by session, by time and by numbers of any size, in a list as in its counts', async () => {
  const { answers, seen } = await anApp()
  answers['audit.list'] = () => ({ entries: [], total: 0 })
  answers['audit.facets'] = () => ({
    facets: { category: [], severity: [], decision: [], client: [], server: [], action: [] },
    exact: false,
  })
  const filter = ['--session', 'se_2', '--since', '2h', '--until', '2026-01-31T18:00:00Z']
  const begun = Date.now()
  expect((await gatehouse(['audit', 'list', ...filter, '--before', '812345'])).code).toBe(0)
  const { input } = seen.at(-1) as { input: { since: number } }
  expect(input).toMatchObject({ session: 'se_2', until: Date.UTC(2026, 0, 31, 18), before: 812_345, limit: 100 })
  expect(input.since).toBeGreaterThanOrEqual(begun - 7_200_000)
  expect(input.since).toBeLessThanOrEqual(Date.now() - 7_200_000)
  expect(await gatehouse(['audit', 'facets', ...filter])).toMatchObject({
    code: 0,
    err: expect.stringContaining('newest 10 000'),
  })
  expect(seen.at(-1)).toMatchObject({ channel: 'audit.facets', input: { session: 'se_2' } })
  expect(await gatehouse(['audit', 'list', '--since', 'yesterday'])).toMatchObject({
    code: 2,
    err: expect.stringContaining('a date and time'),
  })
})

it('recalls what was known at a time that is over, and takes a reminder away with 0 days', async () => {
  const { answers, seen } = await anApp()
  answers['memory.recall'] = () => ({ found: [], graph: { concepts: [], relations: [], cut: false }, tookMs: 1 })
  answers['secrets.rotate'] = () => ({ version: 2 })
  await gatehouse(['memory', 'query', 'Ana', '--as-of', '2026-01-31T18:00:00Z'], withPassphrase)
  expect(seen.at(-1)?.input).toMatchObject({ asOf: Date.UTC(2026, 0, 31, 18) })
  await gatehouse(['secrets', 'rotate', 'mail', 'TOKEN', '--keep', '--every', '0'], withPassphrase)
  expect(seen.at(-1)?.input).toMatchObject({ everyDays: 0 })
})

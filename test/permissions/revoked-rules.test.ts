import { expect, it } from 'vitest'
import type { Grant } from '../../main/permissions/grant.ts'
import { RevokedRules } from '../../main/permissions/revoked-rules.ts'
import type { ClientId, GrantId, SessionId } from '../../shared/domain/ids.ts'

const grant = (id: string, bound?: object) => ({ id, client: 'editor', bound }) as unknown as Grant

it('keeps a rule ten minutes, and the latest twenty', () => {
  let now = 0
  const rules = new RevokedRules(() => now)
  for (let n = 1; n <= 21; n++) rules.keep({ grant: grant(`gr_${n}`), used: undefined })
  expect(rules.find('gr_1' as GrantId)).toBeUndefined()
  expect(rules.find('gr_2' as GrantId)).toBeDefined()
  now = 600_001
  expect(rules.find('gr_2' as GrantId)).toBeUndefined()
})

it('forgets what was for a session or an app that ended', () => {
  const rules = new RevokedRules()
  rules.keep({ grant: grant('gr_1', { clientId: 'cl_1', sessionId: 'se_1' }), used: undefined })
  rules.keep({ grant: grant('gr_2', { clientId: 'cl_1' }), used: undefined })
  rules.endSession('se_1' as SessionId)
  expect([rules.find('gr_1' as GrantId), rules.find('gr_2' as GrantId)]).toMatchObject([
    undefined,
    { grant: { id: 'gr_2' } },
  ])
  rules.endClient('cl_1' as ClientId, 'editor')
  expect(rules.find('gr_2' as GrantId)).toBeUndefined()
})

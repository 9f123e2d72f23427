import { describe, expect, it } from 'vitest'
import { linkIn, routeOfLink } from '../../../main/shells/electron/deep-links.ts'

describe('a link', () => {
  it.each([
    ['gatehouse://home', '#/'],
    ['gatehouse://servers', '#/servers'],
    ['gatehouse://audit/', '#/audit'],
    ['gatehouse://approvals', '#/approvals'],
    ['gatehouse://settings', '#/settings'],
    ['gatehouse://servers/filesystem', '#/servers/filesystem'],
    ['gatehouse://sessions/se_3f9c00112233445566778899', '#/sessions/se_3f9c00112233445566778899'],
    ['gatehouse://audit/1042', '#/audit/1042'],
    ['gatehouse://approvals/ap_3f9c00112233445566778899', '#/approvals/ap_3f9c00112233445566778899'],
  ])('opens a screen: %s', (link, route) => {
    expect(routeOfLink(link)).toBe(route)
  })

  it.each([
    ['gatehouse://approvals/ap_3f9c0011?decision=allow&scope=tool#allow', '#/approvals/ap_3f9c0011'],
    ['gatehouse://approvals/ap_3f9c0011/allow', '#/approvals'],
    ['gatehouse://approvals/../servers', '#/approvals'],
    ['gatehouse://approvals/ap_"><script>', '#/approvals'],
    ['gatehouse://servers/add:command', '#/servers'],
    ['gatehouse://servers/Evil', '#/servers'],
    ['gatehouse://servers/notes/notes__delete', '#/servers'],
    ['gatehouse://sessions/client:+', '#/sessions'],
    ['gatehouse://audit/0', '#/audit'],
    ['gatehouse://audit/1e3', '#/audit'],
    ['gatehouse://permissions/gr_3f9c00112233445566778899', '#/permissions'],
    ['gatehouse://someone:secret@servers', '#/servers'],
  ])('drops what is more than a screen: %s', (link, route) => {
    expect(routeOfLink(link)).toBe(route)
  })

  it.each([
    '',
    'gatehouse:',
    'gatehouse://',
    'gatehouse://first-run',
    'gatehouse://question',
    'gatehouse:servers',
    'gatehouse://servers:80',
    'gatehouse:javascript:alert(1)',
    'app://gatehouse/#/servers',
    'https://example.com/#/servers',
    'javascript:alert(1)',
    '#/servers',
  ])('that is malformed or of another kind opens nothing: %s', (link) => {
    expect(routeOfLink(link)).toBeUndefined()
  })

  it('is found among a program’s arguments', () => {
    expect(linkIn(['gatehouse', '--hidden', 'gatehouse://audit'])).toBe('gatehouse://audit')
    expect(linkIn(['gatehouse', '--home', '/x'])).toBeUndefined()
  })
})

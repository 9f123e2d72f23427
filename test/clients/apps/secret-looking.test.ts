import { expect, it } from 'vitest'
import { foundServer } from '../../../main/clients/apps/found-server.ts'
import { isReference, looksSecret } from '../../../main/clients/apps/secret-looking.ts'
import { shownDiff } from '../../../main/clients/apps/shown-diff.ts'

it.each([
  ['GITHUB_PERSONAL_ACCESS_TOKEN', 'x1'],
  ['Authorization', 'Bearer abc'],
  ['X-API-Key', 'short'],
  ['DB_PASSWORD', 'hunter2'],
  ['URL', 'postgres://ana:hunter2@db/main'],
  ['ANYTHING', 'ghp_0123456789abcdefghijABCDEFGHIJ456789'],
  ['ANYTHING', 'sk-ant-api03-abcdef'],
  ['ANYTHING', 'Zk3v9Qp1Lm8Xt4Rb7Wn2Yc6Hd5Js0Fg'],
])('%s=%s goes into the keychain', (name, value) => {
  expect(looksSecret(name, value)).toBe(true)
})

it.each([
  ['MODE', 'quiet'],
  ['LOG_LEVEL', 'debug'],
  ['ROOT', '/home/ana/Documents/projects-2026/gatehouse'],
  ['NODE_ENV', 'production'],
  ['BASE_URL', 'https://example.com/api/v2'],
  ['PORT', '8080'],
  ['API_TOKEN_ENABLED', 'true'],
  ['TOKEN', ''],
])('%s=%s stays as it is', (name, value) => {
  expect(looksSecret(name, value)).toBe(false)
})

it('knows what only the app can fill in', () => {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: as apps write it
  for (const value of ['${input:key}', '${env:KEY}', '$KEY', '${KEY}', '{env:KEY}', 'Bearer ${KEY}'])
    expect(isReference(value)).toBe(true)
  for (const value of ['key', 'a$b', '5$']) expect(isReference(value)).toBe(false)
})

it('shows a change without any secret that stands near it, in every format', () => {
  const secrets = ['ghp_0123456789abcdefghijABCDEFGHIJ456789', 'pass"word\\1', 'oauth-token-of-the-app']
  const entry = { command: 'x', env: { TOKEN: secrets[0] ?? '', PASSWORD: secrets[1] ?? '' } }
  const before = JSON.stringify({ accessToken: secrets[2], mcpServers: { a: entry } }, null, 2)
  const after = JSON.stringify({ accessToken: secrets[2], mcpServers: { a: entry, g: { command: 'y' } } }, null, 2)
  const diff = shownDiff('/f', before, after, [foundServer('a', entry)])
  for (const secret of secrets) expect(diff).not.toContain(JSON.stringify(secret).slice(1, -1))
  expect(diff).toContain('+    "g": {')
  const toml = shownDiff('/f', '[a.env]\nAPI_KEY = "abc-def"\n', '[a.env]\nAPI_KEY = "abc-def"\n\n[g]\n', [])
  expect(toml).not.toContain('abc-def')
  expect(shownDiff('/f', 'api_key: abc-def\n', 'api_key: abc-def\ng: 1\n', [])).not.toContain('abc-def')
})

it('shows no secret of an argument or an address of an entry that gives way', () => {
  const secrets = [
    'sk-ABCDEF1234567890',
    'plain-word',
    'other-word',
    'hunter2pass',
    'abcdef12345',
    'in-address',
    'here-too',
  ]
  const [key, after, joined, password, bearer, query, sent] = secrets
  const entry = {
    command: 'x',
    args: [
      key,
      '--api-key',
      after,
      `--pat=${joined}`,
      `db://u:${password}@h/x`,
      `Cookie: ${bearer}`,
      `u://h?key=${sent}`,
      '--port',
      '8080',
    ],
  } as { command: string; args: string[] }
  const remote = { url: `https://example.com/mcp?key=${query}&x=1` }
  const before = JSON.stringify({ mcpServers: { a: entry, b: remote } }, null, 2)
  const diff = shownDiff('/f', before, '{}', [foundServer('a', entry), foundServer('b', remote)])
  for (const secret of secrets) expect(diff).not.toContain(secret)
  for (const plain of ['--api-key', '8080', 'https://example.com/mcp', 'x=1']) expect(diff).toContain(plain)
})

it('stays short for a file on one endless line', () => {
  const line = JSON.stringify({ text: 'x'.repeat(100_000) })
  expect(shownDiff('/f', line, `${line.slice(0, -1)}, "g": 1}`, []).length).toBeLessThan(2_000)
  const token = JSON.stringify({ padding: 'x'.repeat(360), api_key: 'abc-def-ghi-jkl-mno-pqr-stu-vwx-yz0-123' })
  expect(shownDiff('/f', token, `${token}\n`, [])).not.toContain('abc')
})

it('reads an entry in any app’s words', () => {
  const common = { kind: 'command', command: 'npx', args: ['-y', 'x'], env: { A: '1' }, enabled: true }
  for (const entry of [
    { command: 'npx', args: ['-y', 'x'], env: { A: 1 } },
    { type: 'stdio', cmd: 'npx', args: ['-y', 'x'], envs: { A: '1' }, enabled: true },
    { source: 'custom', command: { path: 'npx', args: ['-y', 'x'], env: { A: '1' } } },
  ])
    expect(foundServer('n', entry)).toMatchObject(common)
  for (const key of ['url', 'serverUrl', 'httpUrl', 'uri'])
    expect(foundServer('n', { [key]: 'https://x/mcp', headers: { H: 'v' } })).toMatchObject({
      kind: 'url',
      url: 'https://x/mcp',
      headers: { H: 'v' },
    })
  expect(foundServer('n', { url: 'https://x', bearer_token_env_var: 'T' }).headers).toEqual({
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a reference
    Authorization: 'Bearer ${env:T}',
  })
  const reference = (name: string) => `\${env:${name}}`
  const elsewhere = { url: 'https://x', env_http_headers: { 'X-Key': 'KEY' } }
  expect(foundServer('n', elsewhere).headers).toEqual({ 'X-Key': reference('KEY') })
  for (const passed of [{ env_vars: ['KEY', { name: 'OTHER', source: 'local' }] }, { env_keys: ['KEY', 'OTHER'] }])
    expect(foundServer('n', { command: 'x', ...passed }).env).toEqual({
      KEY: reference('KEY'),
      OTHER: reference('OTHER'),
    })
  expect(foundServer('n', { type: 'builtin', enabled: false })).toMatchObject({ kind: 'other', enabled: false })
})

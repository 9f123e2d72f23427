import { describe, expect, it } from 'vitest'
import { aQuestion, fullSample, type Sample } from '../renderer/sample-data.ts'
import { sampleWindow } from '../support/sample-window.ts'

const view = sampleWindow({ width: 1200, height: 900 })
const { dialog, faults, picture, inputsOf: asked } = view
const show = (sample: Sample, hash: string, look: { theme?: 'light' | 'dark'; language?: 'en' | 'ro' } = {}) => {
  Object.assign(sample.setup, look)
  return view.show(sample, hash)
}

describe('a rule by clicking', () => {
  it('is shown as a sentence and as Cedar, tried on recorded calls, and made with its conditions', async () => {
    await show(fullSample(), '#/permissions')
    await view.page.getByRole('button', { name: 'Add a rule' }).click()
    await dialog().getByLabel('Then').selectOption('allow')
    await dialog().getByLabel('Tool').fill('shell__*')
    await dialog().getByText('More conditions').click()
    await dialog().getByLabel('Only in this workspace').selectOption('work')
    await dialog().getByLabel('Only where it names these hosts').fill('example.com, *.example.org')
    await dialog().getByLabel('read', { exact: true }).check()
    await dialog().getByLabel('From', { exact: true }).fill('09:00')
    await dialog().getByLabel('To', { exact: true }).fill('17:30')
    await dialog().getByLabel('To', { exact: true }).fill('09:00')
    await dialog().getByRole('alert').filter({ hasText: 'the rule would never hold' }).waitFor()
    expect(await dialog().getByRole('button', { name: 'Add a rule' }).isDisabled()).toBe(true)
    await dialog().getByLabel('To', { exact: true }).fill('17:30')
    await dialog().getByLabel('Mon').check()
    await dialog().getByLabel('At most so many times').fill('5')
    await dialog().getByText('Every app: allow shell__*.').waitFor()
    await dialog().getByText('No tool, prompt or resource fits shell__*.').waitFor()
    await dialog().getByRole('button', { name: 'What would it have done?' }).click()
    await dialog().getByText('Of 40 calls in the last 7 days').waitFor()
    await picture('rule-form')
    expect([await faults(), view.complaints]).toEqual([[], []])
    await dialog().getByRole('button', { name: 'Add a rule' }).click()
    await expect
      .poll(() => asked('permissions.allow'))
      .toEqual([
        {
          client: '*',
          tool: 'shell__*',
          conditions: {
            workspace: 'work',
            hosts: ['example.com', '*.example.org'],
            actions: ['read'],
            hours: { from: 540, to: 1050 },
            weekdays: [1],
            budget: { calls: 5 },
          },
        },
      ])
    await view.page.getByRole('button', { name: 'Undo' }).click()
    await view.page.getByText('It is as it was before.').waitFor()
    expect(asked('permissions.revoke')).toEqual([{ id: 'gr_made' }])
  })

  it('can be put together and left with the keyboard alone', async () => {
    await show(fullSample(), '#/permissions')
    await view.page.getByRole('button', { name: 'Add a rule' }).focus()
    await view.page.keyboard.press('Enter')
    await dialog().getByLabel('Tool').focus()
    await view.page.keyboard.type('notes__*')
    await dialog().getByText('More conditions').focus()
    await view.page.keyboard.press('Enter')
    await dialog().getByLabel('Only where it names these hosts').waitFor()
    await view.page.keyboard.press('Escape')
    await expect.poll(() => dialog().count()).toBe(0)
    await expect.poll(() => view.page.evaluate(() => document.activeElement?.textContent)).toBe('Add a rule')
  })
})

describe('the permissions screen', () => {
  for (const [theme, language] of [
    ['light', 'en'],
    ['dark', 'ro'],
  ] as const)
    it(`shows presets, roles, conflicts and Cedar without a fault (${theme}, ${language})`, async () => {
      await show(fullSample(), '#/permissions', { theme, language })
      await view.page.getByText('No tool, prompt or resource fits shell__*.').first().waitFor()
      await view.page.getByText('Claude Code may use only what its role allows (server:*:read).').first().waitFor()
      await picture(`permissions-${theme}-${language}`)
      expect([await faults(), view.complaints]).toEqual([[], []])
    })

  it('chooses a wider preset only after showing what would change', async () => {
    await show(fullSample(), '#/permissions')
    await view.page.getByRole('button', { name: 'Choose Trusting' }).click()
    await dialog().getByText('changes of files inside allowed folders, which can be undone').waitFor()
    expect(asked('permissions.setPreset')).toEqual([])
    await picture('preset-confirm')
    expect([await faults(), view.complaints]).toEqual([[], []])
    await dialog().getByRole('button', { name: 'Choose Trusting' }).click()
    await expect.poll(() => asked('permissions.setPreset')).toEqual([{ preset: 'trusting' }])
    await view.page.getByRole('button', { name: 'Undo' }).click()
    await expect.poll(() => asked('permissions.setPreset')).toEqual([{ preset: 'trusting' }, { preset: 'balanced' }])
  })

  it('explains what matched, what decided and what would change it', async () => {
    await show(fullSample(), '#/permissions')
    const tester = view.page.getByRole('region', { name: 'What would happen?' })
    await tester.getByLabel('App').selectOption('Cursor')
    await tester.getByLabel('Tool').fill('memory__search')
    await tester.getByRole('button', { name: 'Explain' }).click()
    await tester.getByText('Rules that hold for it').waitFor()
    await tester.getByText('Allow it by a rule.').waitFor()
    await picture('explained')
    expect([await faults(), view.complaints]).toEqual([[], []])
  })

  it('gives an app a role', async () => {
    await show(fullSample(), '#/permissions')
    const roles = view.page.getByRole('region', { name: 'Roles' })
    await roles.getByLabel('App').selectOption('Cursor')
    await roles.getByLabel('Role', { exact: true }).selectOption('reader')
    await roles.getByRole('button', { name: 'Set a role' }).click()
    await expect.poll(() => asked('permissions.setRole')).toEqual([{ client: 'Cursor', role: 'reader' }])
  })

  it('makes a role of one’s own and gives it to every app of a workspace', async () => {
    await show(fullSample(), '#/permissions')
    const roles = view.page.getByRole('region', { name: 'Roles' })
    await roles.getByText('Goes on from reader.').waitFor()
    await roles.getByRole('button', { name: 'Make a role' }).click()
    await dialog().getByLabel('Name').fill('writer')
    await dialog().getByLabel('May also do what this role may').selectOption('researcher')
    await dialog().getByLabel('May do, a line each').fill('server:mail:send\nmail')
    await dialog().getByText('“mail” is not written as').waitFor()
    expect(await dialog().getByRole('button', { name: 'Save the role' }).isDisabled()).toBe(true)
    await dialog().getByLabel('May do, a line each').fill('server:mail:send')
    await picture('role-form')
    expect([await faults(), view.complaints]).toEqual([[], []])
    await dialog().getByRole('button', { name: 'Save the role' }).click()
    const made = { name: 'writer', permissions: ['server:mail:send'], inherits: 'researcher' }
    await expect.poll(() => asked('permissions.defineRole')).toEqual([made])
    await roles.getByLabel('Only in this workspace').selectOption('work')
    await roles.getByLabel('Role', { exact: true }).selectOption('researcher')
    await roles.getByRole('button', { name: 'Set a role' }).click()
    await expect
      .poll(() => asked('permissions.setRole'))
      .toEqual([{ client: '*', role: 'researcher', workspace: 'work' }])
  })
})

describe('words of one’s own', () => {
  it('are added with what happens in each direction, and shown only when asked for', async () => {
    await show(fullSample(), '#/filters')
    const words = view.page.getByRole('region', { name: 'Words of your own' })
    await words.getByText('code name').waitFor()
    expect(await words.textContent()).not.toContain('Bluebird')
    await words.getByRole('button', { name: 'Show what “code name” looks for' }).click()
    await words.getByText('Bluebird').waitFor()
    expect([await faults(), view.complaints]).toEqual([[], []])
    await words.getByRole('button', { name: 'Add a word' }).click()
    await dialog().getByLabel('Called').fill('projects')
    await dialog().getByLabel('What it is').selectOption('pattern')
    await dialog().getByLabel('Looked for').fill('PRJ-[0-9]{4}')
    await dialog().getByLabel('In answers').selectOption('warn')
    await picture('own-word-form')
    expect([await faults(), view.complaints]).toEqual([[], []])
    await dialog().getByRole('button', { name: 'Add a word' }).click()
    const draft = { name: 'projects', kind: 'pattern', value: 'PRJ-[0-9]{4}', severity: 'warning' }
    await expect.poll(() => asked('filters.addWord')).toEqual([{ ...draft, call: 'block', reply: 'warn' }])
    await words.getByRole('button', { name: 'Remove “code name”' }).click()
    await expect.poll(() => asked('filters.removeWord')).toEqual([{ id: 'fw_1' }])
  })
})

describe('a burst of questions', () => {
  const many = () => {
    const sample = fullSample()
    sample.questions = Array.from({ length: 6 }, (_, n) =>
      aQuestion({ id: `ap_${n}`, title: `Cursor wants step ${n}` }),
    )
    return sample
  }

  it('is one calm list that can deny or open, and never allow', async () => {
    await show(many(), '#/home')
    await dialog().getByText('6 questions wait').waitFor()
    expect(await dialog().getByRole('button', { name: /allow/i }).allTextContents()).toEqual(['Allow none of them'])
    await view.page.keyboard.press('a')
    await picture('digest')
    expect([await faults(), view.complaints]).toEqual([[], []])
    await dialog().getByRole('button', { name: 'Open: Cursor wants step 2' }).click()
    await dialog().getByRole('heading', { name: 'Cursor wants step 2' }).waitFor()
    expect(asked('approvals.decide')).toEqual([])
  })

  it('is denied as a whole only by saying so', async () => {
    await show(many(), '#/home')
    await dialog().getByText('6 questions wait').waitFor()
    await view.page.keyboard.press('Escape')
    await expect.poll(() => dialog().count()).toBe(0)
    expect(asked('approvals.decide')).toEqual([])
  })

  it('is the same list in the small window of its own, where Escape answers nothing until one is opened', async () => {
    await show(many(), '#/question')
    await view.page.getByRole('heading', { name: '6 questions wait' }).waitFor()
    expect(await view.page.getByRole('button', { name: /allow/i }).allTextContents()).toEqual(['Allow none of them'])
    await view.page.keyboard.press('Escape')
    await view.page.keyboard.press('a')
    await picture('digest-small')
    expect([await faults(), view.complaints]).toEqual([[], []])
    expect(asked('approvals.decide')).toEqual([])
    await view.page.getByRole('button', { name: 'Open: Cursor wants step 2' }).click()
    await view.page.getByRole('heading', { name: 'Cursor wants step 2' }).waitFor()
    await view.page.keyboard.press('Escape')
    await expect
      .poll(() => asked('approvals.decide'))
      .toEqual([expect.objectContaining({ id: 'ap_2', decision: 'deny' })])
    await view.page.getByRole('heading', { name: '5 questions wait' }).waitFor()
  })

  it('denies each of them', async () => {
    await show(many(), '#/home')
    await dialog().getByRole('button', { name: 'Allow none of them' }).click()
    await expect.poll(() => asked('approvals.decide').length).toBe(6)
    expect(new Set(asked('approvals.decide').map((input) => (input as { decision: string }).decision))).toEqual(
      new Set(['deny']),
    )
  })
})

describe('a plan', () => {
  it('shows every step with its exact arguments', async () => {
    const sample = fullSample()
    const step = {
      title: 'Cursor wants to write a.md',
      risk: 'medium' as const,
      reasons: ['It would change a file; that can be undone.'],
      server: 'filesystem',
      entry: 'filesystem__write_file',
      tool: 'write_file',
      arguments: { path: 'a.md', content: 'new text' },
      commands: [],
      urls: [],
      paths: ['/home/ana/a.md'],
    }
    sample.questions = [
      aQuestion({
        title: 'Cursor wants to carry out “Tidy up”: 2 steps',
        subject: { kind: 'plan', name: 'Tidy up', steps: [step, { ...step, arguments: { path: 'b.md' } }] },
        scopes: [{ scope: 'once', consequence: 'Exactly these calls.' }],
      }),
    ]
    await show(sample, '#/home')
    await dialog().getByText('Step 2: Cursor wants to write a.md').waitFor()
    await dialog().getByText('new text').waitFor()
    await picture('plan')
    expect([await faults(), view.complaints]).toEqual([[], []])
  })
})

describe('workspaces', () => {
  it('are listed, added, removed, and servers moved between them', async () => {
    await show(fullSample(), '#/sessions')
    const section = view.page.getByRole('region', { name: 'Workspaces' })
    await section.getByText('Servers: filesystem, memory, everything').waitFor()
    await picture('workspaces')
    expect([await faults(), view.complaints]).toEqual([[], []])
    await section.getByLabel('Move memory to').selectOption('work')
    await expect.poll(() => asked('workspaces.moveServer')).toEqual([{ server: 'memory', workspace: 'work' }])
    await section.getByLabel('Name').fill('lab')
    await section.getByRole('button', { name: 'Add a workspace' }).click()
    await expect.poll(() => asked('workspaces.add')).toEqual([{ name: 'lab' }])
    await section.getByRole('button', { name: 'Remove work' }).click()
    await expect.poll(() => asked('workspaces.remove')).toEqual([{ name: 'work' }])
  })

  it('filter the audit log', async () => {
    await show(fullSample(), '#/audit')
    await view.page.getByLabel('Workspace').selectOption('work')
    await expect.poll(() => asked('audit.list').at(-1)).toMatchObject({ workspace: 'work' })
  })
})

it('offers a rule where the same was always answered', async () => {
  await show(fullSample(), '#/approvals')
  await view.page.keyboard.press('Escape')
  const later = view.page.getByRole('button', { name: 'Later' })
  while ((await later.count()) > 0) await later.first().click()
  await view.page.getByRole('button', { name: 'Make a rule: Cursor memory__search' }).click()
  await expect.poll(() => dialog().getByLabel('Tool').inputValue()).toBe('memory__search')
  await expect.poll(() => dialog().getByLabel('Then').inputValue()).toBe('allow')
})

it('offers the workspace last looked at wherever something is added', async () => {
  await show(fullSample(), '#/memory/list/work')
  await view.page.getByRole('heading', { name: 'Memory' }).waitFor()
  for (const way of ['command', 'bundle', 'address']) {
    await view.page.goto(`${view.server.url}#/servers/add:${way}`)
    expect(await dialog().getByLabel('Workspace').inputValue()).toBe('work')
  }
  expect(await faults()).toEqual([])
})

describe('who may use what, with a hundred servers, 1 500 tools and sixty apps', () => {
  const effects = ['allow', 'ask', 'deny', 'hidden'] as const
  const clients = Array.from({ length: 60 }, (_, at) => `app-${at}`)
  const servers = Array.from({ length: 100 }, (_, server) => ({
    name: `server-${server}`,
    tools: Array.from({ length: 15 }, (_, tool) => ({
      name: `server-${server}__tool_${tool}`,
      title: `Tool ${tool}`,
      effects: clients.map((_, at) => effects[(at + tool + server) % 4] ?? 'ask'),
    })),
  }))
  const grid = () => view.page.getByRole('grid', { name: 'Who may use what' })
  const focused = () => view.page.evaluate(() => document.activeElement?.textContent ?? '')

  it('draws only what is in view, and keeps the keyboard wherever it goes or is scrolled', async () => {
    await show({ ...fullSample(), matrix: { clients, servers } }, '#/permissions')
    await grid().getByRole('button', { name: 'server-0', exact: true }).focus()
    const keys = view.page.keyboard
    await keys.press('Enter')
    await grid().getByRole('button', { name: 'server-0__tool_14', exact: true }).waitFor()
    await keys.press('Control+End')
    await expect.poll(focused).toMatch(/^app-59, server-99:/)
    expect(await grid().getByRole('button').count()).toBeLessThan(400)
    expect(await grid().getAttribute('aria-rowcount')).toBe(String(100 + 15 + 1))
    await grid().evaluate((element) => element.parentElement?.scrollTo(0, 0))
    await grid().getByRole('button', { name: 'server-0', exact: true }).waitFor()
    expect(await focused()).toMatch(/^app-59, server-99:/)
    await keys.press('ArrowUp')
    await expect.poll(focused).toMatch(/^app-59, server-98:/)
    expect(
      await view.page.evaluate(() => {
        const cell = document.activeElement?.getBoundingClientRect()
        const box = document.activeElement?.closest('[data-scrolls]')?.getBoundingClientRect()
        return cell && box && cell.top >= box.top + 40 && cell.bottom <= box.bottom && cell.right <= box.right
      }),
    ).toBe(true)
    await keys.press('Control+Home')
    await keys.press('ArrowDown')
    await keys.press('ArrowRight')
    await expect.poll(focused).toBe('app-0, server-0__tool_0:allowed')
    await picture('matrix-large')
    expect([await faults(), view.complaints]).toEqual([[], []])
  })
})

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { appEnvironment, startApp } from '../../main/bridge/start-app.ts'

it('the app gets the environment of the caller without what steers Gatehouse or its runtime', () => {
  const caller = {
    HOME: '/home/ana',
    PATH: '/bin',
    DISPLAY: ':0',
    DBUS_SESSION_BUS_ADDRESS: 'unix:path=/bus',
    GATEHOUSE_KEYCHAIN: 'file',
    GATEHOUSE_HOME: '/elsewhere',
    gatehouse_port: '1',
    NODE_OPTIONS: '--require=/tmp/evil.js',
    NODE_EXTRA_CA_CERTS: '/tmp/ca',
    ELECTRON_RUN_AS_NODE: '1',
    LD_PRELOAD: '/tmp/evil.so',
    DYLD_INSERT_LIBRARIES: '/tmp/evil.dylib',
  }
  expect(appEnvironment(caller, '/data')).toEqual({
    HOME: '/home/ana',
    PATH: '/bin',
    DISPLAY: ':0',
    DBUS_SESSION_BUS_ADDRESS: 'unix:path=/bus',
    GATEHOUSE_HOME: '/data',
  })
})

it('nothing is started where no app lies beside the bridge', async () => {
  const empty = mkdtempSync(join(tmpdir(), 'gatehouse-start-'))
  expect(await startApp(empty, empty)).toBe(false)
  rmSync(empty, { recursive: true })
})

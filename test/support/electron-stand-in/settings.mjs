/**
 * Where the stand-in keeps its files. Taken out of the environment at once, so that the app sees only what it would see
 * under Electron.
 */
const take = (name) => {
  const value = process.env[name]
  delete process.env[name]
  return value
}

export const settings = {
  /** A folder all instances of one app share, as they share a user's session under Electron. */
  dir: take('GATEHOUSE_STAND_IN_DIR'),
  /** The file that gets the control's address. */
  controlFile: take('GATEHOUSE_STAND_IN_CONTROL'),
  chromium: take('GATEHOUSE_TEST_CHROMIUM') ?? '/usr/bin/chromium',
}

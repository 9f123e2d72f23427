import { app } from 'electron'

/** The app as it is, with Chromium's debugging port opened from inside so that a test can drive its pages. */
app.commandLine.appendSwitch('remote-debugging-port', '0')
await import('../../../dist/main.js')

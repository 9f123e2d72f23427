/**
 * The window in a browser: the same renderer and contract over loopback HTTP and one WebSocket. Listens on 127.0.0.1 only,
 * answers to its own name only, and does nothing for anyone without its cookie and window key. It refuses to widen rights
 * for a session that has not proved the operator passphrase lately.
 */
export { type BrowserShell, type BrowserShellParts, startBrowserShell } from './browser-shell.ts'

/**
 * The command line's way to the contract, over the app's local socket. Any program of this user can connect, so the carrier
 * finds out for itself who asks, and confirms with a person what the verb's class demands (INTERFACES, "The CLI"). It
 * believes nothing a connection says about itself: no window, no terminal, no process id without proof.
 */
export { type AskPerson, ControlShell, type ControlShellParts } from './control-shell.ts'

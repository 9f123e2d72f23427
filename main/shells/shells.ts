/**
 * Shells carry the contract to a person: the Electron window, the browser window, the command line. A shell finds out who
 * asks and how sure that is, and lets `serve-contract.ts` parse, guard and answer. A shell decides nothing about calls and
 * has no way to a server.
 */
export type { Operator } from './operator-gate.ts'
export { OperatorGate } from './operator-gate.ts'
export type { Answer, ContractServer, Guard, GuardedCall, ShellLog, WireError } from './serve-contract.ts'
export { contractServer, eventText } from './serve-contract.ts'

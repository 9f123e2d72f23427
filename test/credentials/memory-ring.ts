import type { KeyRing } from '../../main/credentials/key-ring.ts'

/** A key ring that forgets at the end of a test. */
export function memoryRing(entries = new Map<string, Buffer>()): KeyRing {
  return {
    kind: 'system',
    describe: () => 'the keychain of this test',
    get: async (name) => entries.get(name),
    set: async (name, value) => void entries.set(name, value),
    delete: async (name) => entries.delete(name),
  }
}

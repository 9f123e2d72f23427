import { AtRest } from '../../main/compose/at-rest.ts'

/** Ends with 0 once what nobody holds was collected, while no other code could have had it collected. */
const registry = new FinalizationRegistry<undefined>(() => process.exit('gc' in globalThis ? 2 : 0))
const registerNew = () => registry.register({ large: Buffer.alloc(1024) }, undefined)
registerNew()
setImmediate(() => new AtRest(undefined, 1))
setTimeout(() => process.exit(1), 10_000)

import fc from 'fast-check'

/** Without one given, properties try the same values every time: a failure then comes from the change, not from chance. */
const everyday = 20_260_728

fc.configureGlobal({ seed: Number(process.env.GATEHOUSE_TEST_SEED ?? everyday) })

/** Put in by the build from package.json. */
declare const __GATEHOUSE_VERSION__: string

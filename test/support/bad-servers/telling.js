/** Says about itself what stands in a file when it is greeted. */
import { readFileSync } from 'node:fs'
import { serve, text, tool } from './wire.js'

serve({
  initialize: (params) => ({
    protocolVersion: params.protocolVersion,
    capabilities: { tools: { listChanged: true } },
    serverInfo: { name: 'telling', version: '1' },
    instructions: readFileSync(process.argv[2], 'utf8'),
  }),
  'tools/list': () => ({ tools: [tool('hear')] }),
  'tools/call': () => text('heard'),
})

/** Ends when it is asked anything before `initialize`, as some older servers do. */
import { serve, text, tool } from './wire.js'

serve({
  'server/discover': () => process.exit(1),
  'tools/list': () => ({ tools: [tool('hello')] }),
  'tools/call': () => text('hello'),
})

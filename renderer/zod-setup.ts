import { z } from 'zod'

/** The window's content security policy forbids making code from text, so zod must not try. Imported before any schema is built. */
z.config({ jitless: true })

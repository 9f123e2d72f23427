import type { McpServer } from '@modelcontextprotocol/server'
import { z } from 'zod'
import { plainAccess } from '../../../shared/domain/folder-rights.ts'
import type { Root } from './allowed-roots.ts'
import type { ChangeFiles, Expectation } from './change-files.ts'
import type { CheckedFiles } from './checked-files.ts'
import { fileInfo, folderTree, listFolder, listFolderWithSizes, searchFiles } from './list-files.ts'
import { type MediaContent, readMany, readMedia, readText } from './read-files.ts'
import { Refused } from './refused.ts'

const path = z.string().describe('A path inside the allowed folders; relative paths start in the first of them')
const exclude = z.array(z.string().max(1000)).max(100).optional().default([]).describe('Glob patterns to leave out')
const edits = z.array(
  z.object({
    oldText: z.string().describe('Text to search for - must match exactly'),
    newText: z.string().describe('Text to replace with'),
  }),
)
const text = z.object({ content: z.string() })
const media = z.object({
  content: z.array(
    z.union([
      z.object({ type: z.enum(['image', 'audio']), data: z.string(), mimeType: z.string() }),
      z.object({
        type: z.literal('resource'),
        resource: z.object({ uri: z.string(), mimeType: z.string().optional(), blob: z.string() }),
      }),
    ]),
  ),
})
const reads = { readOnlyHint: true, openWorldHint: false }
const changes = (idempotentHint: boolean, destructiveHint = true) => ({
  readOnlyHint: false,
  idempotentHint,
  destructiveHint,
  openWorldHint: false,
})

/** Names and arguments of `@modelcontextprotocol/server-filesystem`, plus `delete_file` and `undo_last_change`. */
export function registerTools(server: McpServer, files: CheckedFiles, change: ChangeFiles): void {
  const readArguments = z.object({
    path,
    tail: z.number().optional().describe('If provided, returns only the last N lines of the file'),
    head: z.number().optional().describe('If provided, returns only the first N lines of the file'),
  })
  server.registerTool(
    'read_file',
    {
      title: 'Read File (Deprecated)',
      description: 'Reads a file as text. Deprecated: use read_text_file.',
      inputSchema: readArguments,
      outputSchema: text,
      annotations: reads,
    },
    ({ path, head, tail }) => answer(readText(files, path, { head, tail })),
  )
  server.registerTool(
    'read_text_file',
    {
      title: 'Read Text File',
      description: 'Reads a file as text, whole or its first (head) or last (tail) lines.',
      inputSchema: readArguments,
      outputSchema: text,
      annotations: reads,
    },
    ({ path, head, tail }) => answer(readText(files, path, { head, tail })),
  )
  server.registerTool(
    'read_media_file',
    {
      title: 'Read Media File',
      description: 'Reads an image or audio file; any other file comes as an embedded resource.',
      inputSchema: z.object({ path }),
      outputSchema: media,
      annotations: reads,
    },
    ({ path }) => answerMedia(readMedia(files, path)),
  )
  server.registerTool(
    'read_multiple_files',
    {
      title: 'Read Multiple Files',
      description: 'Reads several files as text. One that cannot be read does not stop the others.',
      inputSchema: z.object({ paths: z.array(path).min(1) }),
      outputSchema: text,
      annotations: reads,
    },
    ({ paths }) => answer(readMany(files, paths)),
  )
  server.registerTool(
    'write_file',
    {
      title: 'Write File',
      description: 'Creates a file or replaces all of its content.',
      inputSchema: z.object({ path, content: z.string() }),
      outputSchema: text,
      annotations: changes(true),
    },
    ({ path, content }, ctx) => answer(change.write(path, content, expectation(ctx.mcpReq._meta))),
  )
  server.registerTool(
    'edit_file',
    {
      title: 'Edit File',
      description: 'Replaces passages of a text file and returns the change as a diff. With dryRun nothing is written.',
      inputSchema: z.object({
        path,
        edits,
        dryRun: z.boolean().default(false).describe('Preview changes using git-style diff format'),
      }),
      outputSchema: text,
      annotations: changes(false),
    },
    ({ path, edits, dryRun }, ctx) => answer(change.edit(path, edits, dryRun, expectation(ctx.mcpReq._meta))),
  )
  server.registerTool(
    'create_directory',
    {
      title: 'Create Directory',
      description: 'Creates a folder and the folders above it.',
      inputSchema: z.object({ path }),
      outputSchema: text,
      annotations: changes(true, false),
    },
    ({ path }) => answer(change.createFolder(path)),
  )
  server.registerTool(
    'list_directory',
    {
      title: 'List Directory',
      description: 'Lists a folder: [FILE] or [DIR] and the name.',
      inputSchema: z.object({ path }),
      outputSchema: text,
      annotations: reads,
    },
    ({ path }) => answer(listFolder(files, path)),
  )
  server.registerTool(
    'list_directory_with_sizes',
    {
      title: 'List Directory with Sizes',
      description: 'Lists a folder with sizes and a total.',
      inputSchema: z.object({
        path,
        sortBy: z.enum(['name', 'size']).optional().default('name').describe('Sort entries by name or size'),
      }),
      outputSchema: text,
      annotations: reads,
    },
    ({ path, sortBy }) => answer(listFolderWithSizes(files, path, sortBy)),
  )
  server.registerTool(
    'directory_tree',
    {
      title: 'Directory Tree',
      description: 'A folder and everything below it as JSON.',
      inputSchema: z.object({ path, excludePatterns: exclude }),
      outputSchema: text,
      annotations: reads,
    },
    ({ path, excludePatterns }) => answer(folderTree(files, path, excludePatterns)),
  )
  server.registerTool(
    'move_file',
    {
      title: 'Move File',
      description: 'Moves or renames a file or folder. Never overwrites.',
      inputSchema: z.object({ source: path, destination: path }),
      outputSchema: text,
      annotations: changes(false),
    },
    ({ source, destination }) => answer(change.move(source, destination)),
  )
  server.registerTool(
    'search_files',
    {
      title: 'Search Files',
      description: 'Finds files and folders below a folder by a glob pattern such as **/*.md.',
      inputSchema: z.object({ path, pattern: z.string().max(1000), excludePatterns: exclude }),
      outputSchema: text,
      annotations: reads,
    },
    ({ path, pattern, excludePatterns }) => answer(searchFiles(files, path, pattern, excludePatterns)),
  )
  server.registerTool(
    'get_file_info',
    {
      title: 'Get File Info',
      description: 'Size, times, type and permissions of a file or folder.',
      inputSchema: z.object({ path }),
      outputSchema: text,
      annotations: reads,
    },
    ({ path }) => answer(fileInfo(files, path)),
  )
  server.registerTool(
    'list_allowed_directories',
    {
      title: 'List Allowed Directories',
      description: 'The folders the person allowed.',
      inputSchema: z.object({}),
      outputSchema: text,
      annotations: reads,
    },
    () => answer(Promise.resolve(`Allowed directories:\n${files.roots.roots.map(described).join('\n')}`)),
  )
  server.registerTool(
    'delete_file',
    {
      title: 'Delete File',
      description: 'Deletes a file or an empty folder. undo_last_change brings a file back.',
      inputSchema: z.object({ path }),
      outputSchema: text,
      annotations: changes(false),
    },
    ({ path }, ctx) => answer(change.delete(path, expectation(ctx.mcpReq._meta))),
  )
  server.registerTool(
    'undo_last_change',
    {
      title: 'Undo Last Change',
      description: 'Takes back the last write, edit or deletion made through this server.',
      inputSchema: z.object({}),
      outputSchema: text,
      annotations: changes(false),
    },
    () => answer(change.undo()),
  )
}

/** The path alone where everything, or looking, is allowed; else what is. */
function described({ path, rights }: Root): string {
  const plain = typeof plainAccess(rights) === 'string'
  return plain ? path : `${path} (${rights.length === 0 ? 'its time is over' : rights.join(', ')})`
}

async function answer(work: Promise<string>) {
  try {
    const content = await work
    return { content: [{ type: 'text' as const, text: content }], structuredContent: { content } }
  } catch (error) {
    return failure(error)
  }
}

async function answerMedia(work: Promise<MediaContent>) {
  try {
    const content = [await work]
    return { content, structuredContent: { content } }
  } catch (error) {
    return failure(error)
  }
}

function failure(error: unknown) {
  const known = error instanceof Refused || typeof (error as NodeJS.ErrnoException).code === 'string'
  return {
    isError: true,
    content: [{ type: 'text' as const, text: known ? (error as Error).message : 'The file could not be used.' }],
  }
}

const expected = z.object({ path: z.string(), sha256: z.string() })

/** Set by Gatehouse only: a client's own `gatehouse/…` keys never reach a server. */
function expectation(meta: Record<string, unknown> | undefined): Expectation | undefined {
  const parsed = expected.safeParse(meta?.['gatehouse/expect-content'])
  return parsed.success ? parsed.data : undefined
}

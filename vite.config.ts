import { builtinModules } from 'node:module'
import { resolve } from 'node:path'
import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import packageJson from './package.json' with { type: 'json' }

const here = import.meta.dirname
const nodeBuiltins = [...builtinModules, ...builtinModules.map((name) => `node:${name}`)]
const packages = Object.keys({ ...packageJson.dependencies, ...packageJson.optionalDependencies })
const isPackage = (id: string) => packages.some((name) => id === name || id.startsWith(`${name}/`))

/** A Node bundle of one entry. `bundled`: carries its packages along, because it runs where node_modules can't be read. */
function nodeBundle(
  entry: Record<string, string>,
  options: { bundled: boolean; format?: 'es' | 'cjs'; minify?: boolean },
) {
  return {
    consumer: 'server' as const,
    resolve: options.bundled ? { noExternal: true as const, conditions: ['node', 'import', 'default'] } : {},
    build: {
      outDir: resolve(here, 'dist'),
      emptyOutDir: false,
      copyPublicDir: false,
      target: 'node24',
      minify: options.minify ?? false,
      sourcemap: !options.minify,
      rolldownOptions: {
        input: Object.fromEntries(Object.entries(entry).map(([name, file]) => [name, resolve(here, file)])),
        external: (id: string) => id === 'electron' || nodeBuiltins.includes(id) || (!options.bundled && isPackage(id)),
        output: {
          format: options.format ?? ('es' as const),
          entryFileNames: options.format === 'cjs' ? '[name].cjs' : '[name].js',
          chunkFileNames: 'chunks/[name]-[hash].js',
          codeSplitting: !options.bundled,
          // V8 keeps a script's text for as long as it runs, and one curly quotation mark makes every character two bytes
          charset: 'ascii' as const,
          comments: { legal: true, annotation: false, jsdoc: false },
        },
      },
    },
  }
}

export default defineConfig({
  root: resolve(here, 'renderer'),
  base: './',
  plugins: [react(), tailwindcss()],
  define: { __GATEHOUSE_VERSION__: JSON.stringify(packageJson.version) },
  builder: {},
  environments: {
    client: {
      build: {
        outDir: resolve(here, 'dist/renderer'),
        emptyOutDir: true,
        target: 'chrome140',
        modulePreload: { polyfill: false },
        assetsInlineLimit: 0,
        chunkSizeWarningLimit: 700,
        // zod with its setup: no schema is made before it knows that the page forbids `new Function`
        rolldownOptions: {
          output: {
            codeSplitting: { groups: [{ name: 'zod', test: /[\\/]node_modules[\\/]zod[\\/]|[\\/]zod-setup\.ts$/ }] },
          },
        },
      },
    },
    main: nodeBundle({ main: 'main/index.ts' }, { bundled: false }),
    codeReader: nodeBundle({ 'code-reader': 'main/cells/analysis/code-reader-process.ts' }, { bundled: false }),
    memory: nodeBundle({ 'memory-worker': 'main/memory/memory-worker.ts' }, { bundled: false }),
    memoryReader: nodeBundle({ 'memory-file-reader': 'main/memory/files/file-reader.ts' }, { bundled: false }),
    cli: nodeBundle({ cli: 'main/cli/index.ts' }, { bundled: true, minify: true }),
    bridge: nodeBundle({ bridge: 'main/bridge/bridge.ts' }, { bundled: true, minify: true }),
    warden: nodeBundle({ warden: 'main/supervisor/warden/warden-process.ts' }, { bundled: true, minify: true }),
    audit: nodeBundle({ 'verify-audit': 'main/audit/verify-file-process.ts' }, { bundled: true, minify: true }),
    filesystem: nodeBundle({ 'servers/filesystem': 'main/servers/filesystem/server.ts' }, { bundled: true }),
    memoryServer: nodeBundle({ 'servers/memory': 'main/servers/memory/server.ts' }, { bundled: true }),
    preload: nodeBundle({ preload: 'preload/index.ts' }, { bundled: true, format: 'cjs', minify: true }),
  },
})

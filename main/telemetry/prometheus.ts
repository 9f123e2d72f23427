import type { Family, Labels, Sample } from './family.ts'

/** @see https://prometheus.io/docs/instrumenting/exposition_formats/ */
export const prometheusType = 'text/plain; version=0.0.4'

/** Of families that share a name, as when two parts count for it, the samples stand together. */
export function prometheusText(families: readonly Family[]): string {
  const byName = new Map<string, Family[]>()
  for (const family of families) byName.set(family.name, [...(byName.get(family.name) ?? []), family])
  const lines: string[] = []
  for (const [name, same] of byName) {
    const { help = '', type = 'gauge' } = same[0] ?? {}
    lines.push(`# HELP ${name} ${help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}`, `# TYPE ${name} ${type}`)
    for (const family of same) for (const sample of family.samples) lines.push(...linesOf(family, sample))
  }
  return `${lines.join('\n')}\n`
}

function linesOf({ name, bounds = [] }: Family, { labels, value, distribution }: Sample): string[] {
  if (!distribution) return [`${name}${within(labels)} ${value}`]
  return [
    ...bounds.map((le) => `${name}_bucket${within({ ...labels, le: String(le) })} ${distribution.upTo(le)}`),
    `${name}_bucket${within({ ...labels, le: '+Inf' })} ${distribution.count}`,
    `${name}_sum${within(labels)} ${distribution.sum}`,
    `${name}_count${within(labels)} ${distribution.count}`,
  ]
}

function within(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`)
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`
}

const escaped = (value: string) => value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')

/** The same as JSON: histograms with how many took no longer than each bound. */
export function metricsJson(families: readonly Family[]) {
  return families.map(({ name, help, type, samples, bounds = [] }) => ({
    name,
    help,
    type,
    samples: samples.map(({ labels, value, distribution }) =>
      distribution
        ? {
            labels: { ...labels },
            count: distribution.count,
            sum: distribution.sum,
            buckets: bounds.map((le) => ({ le, count: distribution.upTo(le) })),
          }
        : { labels: { ...labels }, value },
    ),
  }))
}

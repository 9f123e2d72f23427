import { alertSentences as en } from './en/alerts.ts'
import { fill, type Language } from './messages.ts'
import { alertSentences as ro } from './ro/alerts.ts'

export type AlertKey = keyof typeof en

/** What the person reads of alerts; a piece keeps the space it begins with. */
export const alertWords =
  (language: Language) =>
  (key: AlertKey, params: Readonly<Record<string, string>> = {}): string => {
    const template: string = (language === 'ro' ? ro : en)[key]
    return (template.startsWith(' ') ? ' ' : '') + fill(template, params)
  }
export type AlertWords = ReturnType<typeof alertWords>
/** Whether a metric has words of its own; else it is called by its name. */
export const hasWords = (metric: string): metric is string => `metric.${metric}` in en

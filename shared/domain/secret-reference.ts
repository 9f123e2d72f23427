const reference = /\$\{secret:([^}]*)\}/g

/** The names in a text's `${secret:NAME}`, once each. */
export const secretsNamedIn = (text: string): readonly string[] =>
  text.includes('${secret:') ? [...new Set([...text.matchAll(reference)].map(([, name = '']) => name))] : []

/** With the values in place of `${secret:NAME}`. What a value says is not looked at again. */
export const withSecretsIn = (text: string, secretOf: (name: string) => string): string =>
  text.replace(reference, (_, name: string) => secretOf(name))

/** A package name without what the eye passes over: case, the signs between words, and digits that look like letters. */
export const skeletonText = (name: string): string =>
  name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[@/_.-]/g, '')
    .replaceAll('1', 'l')
    .replaceAll('0', 'o')
    .replaceAll('rn', 'm')
    .replaceAll('vv', 'w')

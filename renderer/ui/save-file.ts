/** Hands the person a file, as a download. */
export function saveFile(name: string, texts: string[], type = 'text/plain'): void {
  const url = URL.createObjectURL(new Blob(texts, { type }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), 10_000)
}

/** One red pixel. */
export const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg=='
/** An empty sound. */
export const wav = 'UklGRiYAAABXQVZFZm10IBAAAAABAAEAQB8AAAB9AAACABAAZGF0YQIAAAA='

export const text = (value: string) => ({ type: 'text' as const, text: value })
export const image = () => ({ type: 'image' as const, data: png, mimeType: 'image/png' })
export const said = (value: string) => ({ content: [text(value)] })
export const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

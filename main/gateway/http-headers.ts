const refusedFeatures = ['camera', 'microphone', 'geolocation', 'usb', 'serial', 'hid', 'payment', 'display-capture']

/** What every answer of the endpoints for programs carries. Should a browser ever show one, it loads and runs nothing. */
export const endpointHeaders: Readonly<Record<string, string>> = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': refusedFeatures.map((feature) => `${feature}=()`).join(', '),
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
}

/** The same as lines of an answer that no framework writes: a refused upgrade, a request that is no HTTP. */
export const headerLines = Object.entries(endpointHeaders)
  .map(([name, value]) => `${name}: ${value}\r\n`)
  .join('')

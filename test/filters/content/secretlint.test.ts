import { lintSource } from '@secretlint/core'
import { creator } from '@secretlint/secretlint-rule-preset-recommend'
import { expect, it } from 'vitest'
import { ContentScan } from '../../../main/filters/content/content-scan.ts'

/** Made here, so that none of them was ever anyone's. */
const letters = (length: number, alphabet = 'aB3dE5gH7jK9mN1pQ2rS4tU6vW8xY0z') =>
  Array.from({ length }, (_, index) => alphabet[(index * 7 + (index >> 2)) % alphabet.length]).join('')
const upper = (length: number) => letters(length).toUpperCase()
const hex = (length: number) => letters(length, '0123456789abcdef')

const samples: Readonly<Record<string, string>> = {
  github: `ghp_${letters(36)}`,
  'github, fine-grained': `github_pat_${letters(82)}`,
  gitlab: `glpat-${letters(20)}`,
  npm: `npm_${letters(36)}`,
  slack: `xoxb-${letters(12)}-${letters(12)}-${letters(24)}`,
  'slack, webhook': `https://hooks.slack.com/services/T${upper(8)}/B${upper(8)}/${letters(24)}`,
  openai: `sk-proj-${letters(74)}T3BlbkFJ${letters(74)}`,
  'openai, older': `sk-${letters(20)}T3BlbkFJ${letters(20)}`,
  anthropic: `sk-ant-api03-${letters(93)}AA`,
  groq: `gsk_${letters(52)}`,
  huggingface: `hf_${letters(34, 'abcdEFGHijklMNOPqrst')}`,
  linear: `lin_api_${letters(40)}`,
  notion: `ntn_${letters(11, '0123456789')}${letters(35)}`,
  sendgrid: `SG.${letters(22)}.${letters(43)}`,
  shopify: `shpat_${hex(32)}`,
  grafana: `glsa_${letters(32)}_${hex(8)}`,
  vault: `hvs.${letters(95)}`,
  vercel: `vcp_${letters(40)}`,
  databricks: `dapi${hex(32)}`,
  docker: `dckr_pat_${letters(27)}`,
  figma: `figd_${letters(42)}`,
  'connection string': `postgres://shop:${letters(16)}@db.example.com:5432/shop`,
  'password in an address': `https://ada:${letters(16)}@git.example.com/shop.git`,
  'private key': `-----BEGIN RSA PRIVATE KEY-----\nMI${letters(1200)}\n-----END RSA PRIVATE KEY-----`,
}

const scan = new ContentScan()
const secretlint = async (text: string) => {
  const source = { filePath: 'sample.txt', content: text, ext: '.txt', contentType: 'text' as const }
  const result = await lintSource({ source, options: { config: { rules: [{ id: 'recommended', rule: creator }] } } })
  return result.messages.length > 0
}

it.each(Object.entries(samples))('%s is found, as secretlint finds it', async (_, sample) => {
  const text = `the value is ${sample} and nothing else`
  expect(await secretlint(text)).toBe(true)
  expect(scan.scan(text).map(({ filter }) => filter)).toContain('secret-token')
})

it('finds what secretlint does not: an AWS key id alone, a token for a registry, a live payment key, a JSON Web Token, a Google key', () => {
  const jwt = `${Buffer.from('{"alg":"HS256","typ":"JWT"}').toString('base64url')}.${Buffer.from('{"sub":"1234567890","name":"Ada"}').toString('base64url')}.${letters(43)}`
  for (const text of [
    `AKIA${upper(16)}`,
    `//registry.example.com/:_authToken=${letters(36)}`,
    `sk_live_${letters(24)}`,
    jwt,
    `AIza${letters(35)}`,
  ])
    expect(scan.scan(text).map(({ filter }) => filter)).toContain('secret-token')
})

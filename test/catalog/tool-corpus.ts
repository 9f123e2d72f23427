import type { CatalogEntry } from '../../shared/domain/catalog.ts'
import type { EntryName, ServerName, Sha256 } from '../../shared/domain/ids.ts'
import type { JsonObject } from '../../shared/domain/json.ts'

/** One hundred services as people connect them, each with three kinds of things it keeps. */
const services = `
github: issue, pull request, release | gitlab: merge request, pipeline, milestone | bitbucket: commit, branch, webhook
jira: ticket, sprint, epic | linear: task, cycle, roadmap | asana: project, subtask, portfolio | trello: card, board, checklist
notion: page, block, comment | confluence: space, article, attachment | obsidian: note, vault, tag | evernote: notebook, clipping, reminder
slack: message, channel, reaction | discord: server, role, thread | teams: chat, meeting, team | telegram: bot command, group, sticker
gmail: email, label, draft | outlook: calendar event, mail folder, contact | mailchimp: campaign, audience, template | sendgrid: sender, suppression, mail batch
twilio: sms, phone number, voice call | zoom: webinar, recording, meeting room | calendly: booking, availability, event type | gcal: event, calendar, attendee
gdrive: file, folder, permission | dropbox: upload, shared link, revision | box: collaboration, metadata, watermark | onedrive: document, share, version
sheets: spreadsheet, cell range, chart | docs: paragraph, heading, suggestion | airtable: record, base, field | excel: worksheet, formula, pivot table
postgres: table, row, index | mysql: schema, query, trigger | mongodb: collection, aggregation, replica | redis: key, stream, cache entry
bigquery: dataset, query job, partition
stripe: payment, subscription, refund | paypal: payout, dispute, invoice | quickbooks: bill, vendor, journal entry | xero: bank transaction, credit note, account
shopify: product, order, discount | woocommerce: coupon, shipping zone, tax rate | etsy: listing, shop section, review | amazon: inventory item, fulfilment, return
salesforce: lead, opportunity, case | hubspot: deal, company, marketing form | pipedrive: person, activity, sales stage | zendesk: support ticket, macro, help article
intercom: conversation, user segment, product tour | freshdesk: agent, canned response, sla policy | pagerduty: incident, on-call schedule, escalation | opsgenie: alert, heartbeat, rotation
datadog: monitor, dashboard, metric | grafana: panel, data source, annotation | sentry: error event, release health, project key | newrelic: transaction trace, synthetic check, slo
aws-s3: bucket, object, lifecycle rule | aws-ec2: instance, security group, volume | aws-lambda: function, layer, event source | gcp-run: revision traffic, service, job
azure: resource group, virtual machine, key vault | cloudflare: dns record, worker, firewall rule | vercel: deployment, domain, environment variable | netlify: site, build hook, form submission
docker: container, image, network | kubernetes: pod, namespace, secret | terraform: workspace, plan, state | ansible: playbook, inventory, task run
jenkins: build, node, credential | circleci: workflow, orb, context | npm: package, dist tag, access token | pypi: project release, api token, classifier
spotify: playlist, track, album | youtube: video, caption, subscriber | twitch: clip, stream marker, poll | podcast: episode, feed, transcript
twitter: tweet, list, bookmark | linkedin: job posting, profile, connection request | reddit: post, subreddit, flair | mastodon: toot, filter, follow
maps: place, route, geofence | weather: forecast, weather alert, station | flights: flight, fare alert, seat | hotels: room, reservation, guest
uber: ride, receipt, pickup spot | doordash: delivery, restaurant menu, tip | strava: workout, segment, route plan | fitbit: sleep log, heart rate zone, step goal
homeassist: light, thermostat, automation | hue: lamp scene, bridge, motion sensor | tesla: charging session, climate setting, trip | ring: doorbell, motion zone, snapshot photo
browser: tab, cookie, screenshot | crawler: crawl, sitemap, robots rule | rss: feed subscription, feed item, digest | wikipedia: article summary, citation, edit history
arxiv: paper, author, abstract | pubmed: study, mesh term, trial | zotero: bibliography, citation key, reading list | kaggle: notebook kernel, competition, leaderboard
`
const verbs: readonly (readonly [
  string,
  (thing: string, service: string) => string,
  readonly (readonly [string, string])[],
])[] = [
  [
    'create',
    (thing, service) =>
      `Creates a new ${thing} in ${service} and returns its identifier. Fails when one with the same name exists already, or when the account has no right to add one.`,
    [
      ['name', 'Name or title shown to people.'],
      ['body', 'Full content, as Markdown where the service supports it.'],
      ['parent_id', 'Identifier of what it belongs to.'],
    ],
  ],
  [
    'list',
    (thing, service) =>
      `Lists every ${thing} of ${service} the account can see, newest first, a page at a time. Use the cursor of the answer to go on.`,
    [
      ['cursor', 'Where to go on, from the previous answer.'],
      ['limit', 'How many to return, at most 100.'],
      ['filter', 'Only those that fit this expression.'],
    ],
  ],
  [
    'get',
    (thing, service) =>
      `Gets one ${thing} of ${service} by its identifier, with all of its fields and the people involved.`,
    [
      ['id', 'Its identifier.'],
      ['fields', 'Only these fields, separated by commas.'],
    ],
  ],
  [
    'update',
    (thing, service) =>
      `Updates an existing ${thing} in ${service}. Only the fields that are given change; everything else stays as it is.`,
    [
      ['id', 'Its identifier.'],
      ['changes', 'The fields to change, by name.'],
      ['notify', 'Whether to tell the people who watch it.'],
    ],
  ],
  [
    'delete',
    (thing, service) =>
      `Deletes a ${thing} from ${service} for good. This can’t be undone, and whatever belongs to it goes with it.`,
    [
      ['id', 'Its identifier.'],
      ['confirm', 'Must be true.'],
    ],
  ],
]

export interface CorpusServer {
  readonly name: string
  readonly tools: readonly (JsonObject & { readonly name: string })[]
}

/** 100 servers with 15 tools each, as long as such definitions are in the wild (about 700 characters). */
export const corpus: readonly CorpusServer[] = services
  .split(/[|\n]/)
  .filter((line) => line.trim() !== '')
  .map((line) => {
    const [name = '', things = ''] = line.trim().split(': ')
    return { name, tools: things.split(', ').flatMap((thing) => verbs.map((verb) => toolOf(name, thing, verb))) }
  })

function toolOf(service: string, thing: string, [verb, describe, parameters]: (typeof verbs)[number]) {
  const properties = Object.fromEntries(
    parameters.map(([name, description]) => [name, { type: name === 'limit' ? 'integer' : 'string', description }]),
  )
  return {
    name: `${verb}_${thing.replaceAll(/[ -]/g, '_')}`,
    description: describe(thing, service),
    inputSchema: { type: 'object', properties, required: [parameters[0]?.[0] ?? 'id'], additionalProperties: false },
    annotations: { readOnlyHint: verb === 'list' || verb === 'get', destructiveHint: verb === 'delete' },
  }
}

export const corpusEntries = (): CatalogEntry[] =>
  corpus.flatMap(({ name: server, tools }) =>
    tools.map((definition) => ({
      kind: 'tool' as const,
      name: `${server}__${definition.name}` as EntryName,
      server: server as ServerName,
      ownName: definition.name,
      title: definition.name,
      definition,
      pin: '' as Sha256,
    })),
  )

/** What a model would ask for, in its own words, and the tools that do it. Written before the ranking was tuned. */
export const queries: readonly (readonly [string, ...string[]])[] = [
  ['open a new issue on github', 'github__create_issue'],
  ['remove a pull request from github', 'github__delete_pull_request'],
  ['show gitlab pipelines', 'gitlab__list_pipeline'],
  ['edit the merge request on gitlab', 'gitlab__update_merge_request'],
  ['file a jira ticket', 'jira__create_ticket'],
  ['what sprints do we have in jira', 'jira__list_sprint'],
  ['add a trello card', 'trello__create_card'],
  ['write a notion page', 'notion__create_page', 'notion__update_page'],
  ['read confluence article', 'confluence__get_article'],
  ['post a message to slack', 'slack__create_message'],
  ['which channels exist in slack', 'slack__list_channel'],
  ['send an email with gmail', 'gmail__create_email'],
  ['find emails in gmail', 'gmail__list_email', 'gmail__get_email'],
  ['schedule a meeting in teams', 'teams__create_meeting'],
  ['add an event to my google calendar gcal', 'gcal__create_event'],
  ['who attends the event in gcal', 'gcal__list_attendee', 'gcal__get_attendee'],
  ['send a text message sms', 'twilio__create_sms'],
  ['delete a file from google drive gdrive', 'gdrive__delete_file'],
  ['make a new directory in gdrive', 'gdrive__create_folder'],
  ['share a link to a dropbox file', 'dropbox__create_shared_link'],
  ['change cells in a spreadsheet', 'sheets__update_cell_range', 'sheets__update_spreadsheet'],
  ['insert a row into postgres', 'postgres__create_row'],
  ['drop a postgres table', 'postgres__delete_table'],
  ['read a redis key', 'redis__get_key'],
  ['refund a customer payment in stripe', 'stripe__create_refund'],
  ['cancel a stripe subscription', 'stripe__delete_subscription', 'stripe__update_subscription'],
  ['create an invoice', 'paypal__create_invoice'],
  ['look up an order in shopify', 'shopify__get_order', 'shopify__list_order'],
  ['new discount code for the shop', 'shopify__create_discount', 'woocommerce__create_coupon'],
  ['sales leads in salesforce', 'salesforce__list_lead'],
  ['who is on call this week', 'pagerduty__list_on_call_schedule', 'pagerduty__get_on_call_schedule'],
  ['acknowledge or modify an incident', 'pagerduty__update_incident'],
  ['list firing monitors in datadog', 'datadog__list_monitor'],
  ['get error events from sentry', 'sentry__get_error_event', 'sentry__list_error_event'],
  ['upload an object to an s3 bucket', 'aws-s3__create_object'],
  ['launch an ec2 instance', 'aws-ec2__create_instance'],
  ['deploy a lambda function', 'aws-lambda__create_function', 'aws-lambda__update_function'],
  ['change a dns record', 'cloudflare__update_dns_record'],
  ['kill a kubernetes pod', 'kubernetes__delete_pod'],
  ['running docker containers', 'docker__list_container'],
  ['set environment variables on vercel', 'vercel__update_environment_variable', 'vercel__create_environment_variable'],
  ['start a jenkins build', 'jenkins__create_build'],
  ['add a song to a spotify playlist', 'spotify__update_playlist', 'spotify__create_track'],
  ['captions of a youtube video', 'youtube__get_caption', 'youtube__list_caption'],
  ['tweet something', 'twitter__create_tweet'],
  ['weather forecast for tomorrow', 'weather__get_forecast', 'weather__list_forecast'],
  ['reserve a hotel room', 'hotels__create_reservation', 'hotels__create_room'],
  ['turn on the lights at home', 'homeassist__update_light'],
  ['take a screenshot of the web page', 'browser__create_screenshot', 'browser__get_screenshot'],
  ['search scientific papers', 'arxiv__list_paper', 'arxiv__get_paper'],
]

/** Of the queries, how many have a right tool among the first `k`. */
export function recallAt(k: number, find: (query: string, limit: number) => readonly { readonly name: string }[]) {
  const missed = queries.filter(([query, ...right]) => !find(query, k).some(({ name }) => right.includes(name)))
  return { recall: 1 - missed.length / queries.length, missed: missed.map(([query]) => query) }
}

/** Every refusal and failure: one sentence for the person (what happened, what to do), one for the model. `{name}` is a parameter. */
export const errors = {
  'internal.unexpected': {
    person:
      'Something unexpected went wrong inside Gatehouse, so the call was not made. The details are in the log ({reference}).',
    model: 'Gatehouse had an internal problem and did not make this call. You may try once more.',
  },
  'client.unpaired': {
    person: '“{client}” is not paired with Gatehouse. Pair it in the window or with: gatehouse clients pair {client}',
    model: 'This app is not paired with Gatehouse. Ask the user to open Gatehouse and pair it.',
  },
  'client.revoked': {
    person: '“{client}” was revoked and can no longer use Gatehouse. Pair it again if you want it back.',
    model: 'The user revoked this app’s access to Gatehouse. Do not retry.',
  },
  'client.suspended': {
    person: '“{client}” is suspended. Resume it under Sessions.',
    model: 'The user suspended this app’s session. Do not retry; tell the user.',
  },
  'client.pairing-busy': {
    person: 'Several apps wait for your answer already. Answer those first.',
    model: 'Several apps wait for the user’s answer already. Try again in a minute.',
  },
  'client.key-elsewhere': {
    person:
      '{program} showed the API key of “{client}”, which other programs used until now. It gets in when you agree to it.',
    model:
      'This API key was used by another program until now. Gatehouse asks its user whether this program may use it: answer there, then try again.',
  },
  'session.ended': {
    person: 'This connection has ended. Connect the app again.',
    model: 'This session with Gatehouse has ended. Do not retry; the app has to connect again.',
  },
  'limits.rate': {
    person: '“{client}” made too many calls. It can go on in {seconds} s.',
    model: 'Too many calls. Wait {seconds} seconds, then continue more slowly.',
  },
  'limits.server-rate': {
    person: '“{server}” got as many calls as you let it have in a minute. It can go on in {seconds} s.',
    model: '{server} gets only so many calls a minute. Wait {seconds} s before the next.',
  },
  'limits.quota': {
    person:
      '“{name}” used up what you allow it: {most} {measure} a {per}. It can go on in {seconds} s, or when you allow more: gatehouse limits list',
    model:
      'The quota of {name} is used up: {most} {measure} a {per}. Wait {seconds} s before the next call, or go on without it.',
  },
  'limits.busy': {
    person: '“{server}” is busy with as many calls as it may run at once.',
    model: '{server} is busy. Wait for other calls to finish, then retry.',
  },
  'limits.unread': {
    person:
      '“{server}” does not read what it is sent, and too much waits for it already. Restart it if this does not pass.',
    model:
      '{server} does not read what it is sent, so this call was not made and had no effect. Retry later, with fewer or smaller calls at once.',
  },
  'limits.watched': {
    person: 'An app already watches {most} resources of “{server}”, as many as it may.',
    model: 'You already watch {most} resources of {server}, as many as you may. Unsubscribe from some first.',
  },
  'limits.deadline': {
    person: '“{entry}” did not answer within {seconds} s, so the call was ended.',
    model: '{entry} did not answer within {seconds} s and was cancelled. It may or may not have had an effect.',
  },
  'catalog.unknown': {
    person: 'There is nothing called “{entry}” among the enabled servers.',
    model: 'Unknown: {entry}. List the available tools, resources and prompts and use an exact name.',
  },
  'catalog.quarantined': {
    person: '“{entry}” changed since you accepted it and is held back. Review it under Servers.',
    model:
      '{entry} is held back until the user reviews a change in it. Do not retry; tell the user to review it in Gatehouse.',
  },
  'arguments.invalid': {
    person: 'The arguments for “{entry}” do not fit its schema: {problem}',
    model: 'Invalid arguments for {entry}: {problem}. Correct them and call again.',
  },
  'arguments.unsafe': {
    person: 'The arguments for “{entry}” were refused: {problem}',
    model: 'Arguments for {entry} refused: {problem}.',
  },
  'arguments.round': {
    person: 'The answers for “{entry}” came too late, or belong to another call, so the call was refused.',
    model:
      'Invalid or expired requestState for {entry}: it belongs to another call. Make the call again from the start.',
  },
  'wire.too-large': {
    person: 'A message of more than {limit} was refused.',
    model: 'The message is larger than {limit} and was not processed. Send less at once.',
  },
  'wire.malformed': {
    person: 'A message was not valid JSON-RPC and was refused.',
    model: 'The message was not valid JSON-RPC 2.0.',
  },
  'filters.blocked': {
    person: '“{entry}” was blocked by the filter “{filter}”: {problem}',
    model: 'Blocked by the content filter {filter}: {problem}.',
  },
  'policy.denied': {
    person: '“{entry}” is blocked by the rule “{rule}”. Change it under Permissions.',
    model: 'The user’s rules do not allow {entry} here ({rule}). Do not retry; ask the user or choose another way.',
  },
  'client.key-scope': {
    person:
      '“{entry}” was called with an API key that is confined to {scopes}. Make a key that may do more: gatehouse clients token NAME',
    model:
      'This API key is confined to {scopes}; {entry} is outside of that. Do not retry; choose another way or ask the user.',
  },
  'approvals.denied': {
    person: 'You did not allow “{entry}”.',
    model: 'The user did not allow {entry}. {reason}',
  },
  'approvals.waiting': {
    person: '“{entry}” is waiting for your answer.',
    model:
      'The user has not answered yet (approval {id}). Nothing was done. Call gatehouse__await_approval with this id, or repeat exactly this call later; tell the user to answer in {where}.',
  },
  'approvals.expired': {
    person: 'The question about “{entry}” was not answered in time, so it was not allowed.',
    model: 'The user did not answer in time, so {entry} was not allowed. Ask the user before trying again.',
  },
  'approvals.cancelled': {
    person: 'The app withdrew its call of “{entry}”.',
    model: 'The call was cancelled before the user answered. Nothing was done.',
  },
  'call.cancelled': {
    person: 'The app cancelled its call of “{entry}” while it ran.',
    model: '{entry} was cancelled while it ran. It may or may not have had an effect.',
  },
  'call.withdrawn': {
    person: 'The app cancelled its call of “{entry}” before it was sent. Nothing was done.',
    model: '{entry} was cancelled while it waited for its turn. Nothing was done.',
  },
  'approvals.flood': {
    person: '“{client}” has too many questions open.',
    model: 'Too many approvals are waiting for the user. Wait until they are answered.',
  },
  'approvals.unknown': {
    person: 'There is no open question {id}; it may have been answered or expired.',
    model: 'No approval {id} is known for this app.',
  },
  'approvals.stale': {
    person:
      'What you were shown for “{entry}” has changed meanwhile, so your answer was not used. You will be asked again.',
    model: 'What the user approved for {entry} changed before it could be done. Nothing was done; call again.',
  },
  'cell.pending': {
    person: '“{server}” is not registered yet, so it is not used. Restart it under Servers.',
    model: '{server} is not set up completely. Do not retry; tell the user.',
  },
  'cell.undeclared': {
    person:
      '“{entry}” is not among what the author of “{server}” signed, so it is not used. A newer version of the server may name it.',
    model: '{entry} is not among what the author of {server} declared. Do not retry; choose another way.',
  },
  'cell.updating': {
    person: '“{server}” is being updated. Try again in a moment.',
    model: '{server} is being updated. Try again in a few seconds.',
  },
  'cell.suspended': {
    person: '“{server}” is suspended: {reason} Look at it under Servers, or with: gatehouse cells review {server}',
    model:
      '{server} is suspended until the user has reviewed it. Do not retry; tell the user to review it in Gatehouse.',
  },
  'cell.revoked': {
    person: '“{server}” was revoked and is never used again: {reason}',
    model: '{server} was revoked by the user. Do not retry.',
  },
  'cell.grave': {
    person:
      '“{server}” was not added. {problem} To add it all the same, remove it if it is listed, then: servers add --accept-findings',
    model: '{server} could not be added. Do not retry; tell the user.',
  },
  'cell.failed': {
    person: '“{server}” was not registered. {problem}',
    model: '{server} could not be registered. Do not retry; tell the user.',
  },
  'audit.stopped': {
    person: 'The check of the log was stopped, so it says nothing about it.',
    model: 'The check of the log was stopped.',
  },
  'privacy.cancelled': {
    person: 'The search was stopped. Nothing was changed.',
    model: 'The search was stopped. Nothing was changed.',
  },
  'privacy.running': {
    person: 'Another correction or erasure is going on. Wait until it has ended, then ask again.',
    model: 'Another correction or erasure is going on. Tell the user to wait.',
  },
  'bundle.signature': {
    person:
      'The signature of this bundle does not hold ({problem}): the bundle was changed after it was signed, or damaged on its way. It was not opened. Fetch it again from its publisher.',
    model: 'The signature of the bundle does not hold. Do not retry; tell the user.',
  },
  'server.disabled': {
    person: '“{server}” is switched off. {reason}',
    model: '{server} is disabled. Do not retry; tell the user.',
  },
  'server.failed': {
    person: '“{server}” could not be used: {problem}',
    model: '{server} could not be used: {problem}',
  },
  'server.sign-in-needed': {
    person: '“{server}” wants you to sign in. Choose “Sign in” under Servers, or: gatehouse servers login {server}',
    model: '{server} needs the user to sign in first. Do not retry; ask the user to sign in to {server} in Gatehouse.',
  },
  'server.scope-needed': {
    person:
      '“{server}” wants rights it was not given: {scopes}. Choose “Allow more” under Servers, or: gatehouse servers login {server}',
    model:
      '{server} does not allow this with the rights the user gave ({scopes} missing). Do not retry; the user can allow more for {server} in Gatehouse.',
  },
  'server.sign-in-failed': {
    person: 'Signing in to “{server}” did not work: {problem}',
    model: 'Signing in to {server} did not work: {problem}',
  },
  'server.crashed': {
    person: '“{server}” stopped unexpectedly while the call was running. {problem}',
    model: '{server} stopped unexpectedly during this call. It may or may not have had an effect.',
  },
  'server.unknown': {
    person: 'There is no server called “{server}”.',
    model: 'No server called {server}.',
  },
  'server.exists': {
    person: 'There is already a server called “{server}”. Choose another name or remove it first.',
    model: 'A server called {server} already exists.',
  },
  'sandbox.unavailable': {
    person: 'This computer offers no sandbox ({problem}), so “{server}” was not started. {remedy}',
    model: '{server} cannot be started safely on this computer. Tell the user to open Gatehouse.',
  },
  'input.invalid': {
    person: '{problem}',
    model: '{problem}',
  },
  'operator.required': {
    person: 'This needs your confirmation in the window, or the operator passphrase.',
    model: 'Only the user can do this, in the Gatehouse window.',
  },
  'operator.wrong': {
    person: 'That passphrase is not right.',
    model: 'Only the user can do this.',
  },
  'operator.declined': {
    person: '“{verb}” was not allowed in the window, so nothing was done.',
    model: 'The user did not allow this. Do not retry.',
  },
  'browser.login': {
    person:
      'This sign-in link is not valid: it was used already, or is older than {minutes} minutes. Start Gatehouse again on a terminal to get a new one.',
    model: 'Only the user can do this, in the Gatehouse window.',
  },
  'browser.foreign': {
    person: 'This request came from another site or under another name and was refused.',
    model: 'Only the Gatehouse window may do this.',
  },
  'https.incomplete': {
    person:
      'The HTTPS endpoint was not opened: {given} is set, but {missing} is not. Set both under Settings, or neither, and start again.',
    model: 'The HTTPS endpoint of Gatehouse is not open: one of its settings is missing. Tell the user.',
  },
  'browser.port': {
    person:
      'Port {port} is used by another program. Start Gatehouse with another one (--port N, or GATEHOUSE_PORT), or with --port 0 to take any free port.',
    model: 'Gatehouse could not be started.',
  },
  'app.not-running': {
    person: 'Gatehouse is not running (data folder {home}). Start it with: gatehouse start',
    model: 'Gatehouse is not running. Tell the user to start it.',
  },
  'audit.unwritable': {
    person:
      'The audit log cannot be written ({problem}), so calls are refused until it can. Free some disk space or make the data folder writable.',
    model: 'Gatehouse cannot record calls right now, so none are made. Tell the user.',
  },
  'audit.lost': {
    person:
      '“{entry}” was called, but how it ended could not be written to the audit log. Free some disk space or make the data folder writable.',
    model:
      '{entry} was called, but Gatehouse could not record how it ended and withholds the answer. It may or may not have had an effect: check before you repeat it, and tell the user.',
  },
  'store.tampered': {
    person:
      'The database was changed outside Gatehouse, so nothing is allowed until you decide. Look at it in the window, or with: gatehouse integrity show',
    model:
      'Gatehouse found its records changed by someone else and allows nothing until the user has looked at them. Do not retry; tell the user.',
  },
  'store.newer': {
    person:
      'This data folder was written by a newer Gatehouse (format {found}, this one knows {known}). Update Gatehouse, or start it with another --home.',
    model: 'Gatehouse cannot open its data.',
  },
  'store.unwritable': {
    person: 'Gatehouse cannot write to its data folder {folder}: {problem}',
    model: 'Gatehouse cannot write its data.',
  },
  'store.no-room': {
    person:
      'Before an update changes the database, a copy of it is made, for the way back. It needs {needed} MB in {folder}, and {free} MB are free. Nothing was changed: make room, then start Gatehouse again.',
    model: 'Gatehouse cannot open its data.',
  },
  'store.locked': {
    person: 'Gatehouse is already running with this data folder (process {pid}).',
    model: 'Gatehouse is already running.',
  },
  'keys.unavailable': {
    person: 'No place to keep keys could be opened: {problem}. {remedy}',
    model: 'Gatehouse cannot reach its keys.',
  },
  'store.corrupt': {
    person:
      'The database {file} is damaged ({problem}). Restore a backup, or move it aside to begin with an empty one.',
    model: 'Gatehouse cannot open its data.',
  },
  'secrets.missing': {
    person: '“{server}” needs the secret {name}, which is not set. Set it with: gatehouse secrets set {server} {name}',
    model: 'The server {server} lacks a secret it needs ({name}). Ask the user to set it; do not ask for its value.',
  },
  'operator.throttled': {
    person: 'Too many wrong passphrases. Try again in {seconds} seconds.',
    model: 'Only the user can do this.',
  },
  'operator.unset': {
    person: 'No operator passphrase is set yet. Set one in the window or with: gatehouse operator set',
    model: 'Only the user can do this.',
  },
  'app.debugged': {
    person:
      'Gatehouse does not start under a debugger ({found}), because whoever steers it could answer for you. Start it without.',
    model: 'Gatehouse could not be started.',
  },
  'app.stopping': {
    person: 'Gatehouse is stopping, so the call was ended.',
    model: 'Gatehouse is stopping. The call may or may not have had an effect.',
  },
  'app.draining': {
    person: 'Gatehouse is stopping and took no new call. Start it again, then repeat what you wanted.',
    model:
      'Gatehouse is stopping, so this call was not made and had no effect. Try again in {seconds} seconds; if it is still refused, ask the user to start Gatehouse.',
  },
  'apps.absent': {
    person:
      '{app} was not found on this computer (it would have {file}). Start it once, or paste the snippet yourself.',
    model: 'This AI app was not found on this computer.',
  },
  'apps.changed': {
    person: '{file} changed after you saw the change, so nothing was written. Look at it again.',
    model: 'The file changed meanwhile and nothing was written.',
  },
  'apps.unparsable': {
    person:
      '{file} could not be understood ({problem}), so nothing was changed. Correct it, or paste the snippet yourself.',
    model: 'The app’s configuration file could not be understood and was not changed.',
  },
  'apps.unsafe': {
    person: '{file} was left as it is: {problem}. Paste the snippet yourself, or make it an ordinary file of yours.',
    model: 'The app’s configuration file could not be changed safely and was not.',
  },
  'bridge.lost': {
    person: 'Gatehouse stopped while this call was running.',
    model:
      'Gatehouse stopped or restarted while this call was running. It may or may not have had an effect: check before you repeat it.',
  },
  'bridge.unread': {
    person: 'The app did not read its answers, and its connection to Gatehouse ended while this call was running.',
    model:
      'This app did not read the answers that waited for it, and its connection to Gatehouse ended while this call was running. The call may or may not have had an effect: check before you repeat it, and ask for less at once.',
  },
  'bridge.unreachable': {
    person: 'Gatehouse could not be reached. Start it, then try again.',
    model:
      'Gatehouse is not running or did not answer in time. Nothing was done. Ask the user to open Gatehouse, then retry.',
  },
  'bridge.pairing': {
    person: 'Gatehouse asks you in its window whether this app may connect.',
    model:
      'Gatehouse is asking the user whether this app may connect. Nothing was done. Retry after the user agreed in the Gatehouse window.',
  },
  'memory.unknown': {
    person: 'Nothing named “{name}” is in the memory.',
    model: 'Entity with name {name} not found',
  },
  'memory.exists': {
    person: 'The memory knows “{name}” already. Change it, or choose another name.',
    model: 'A concept named {name} exists already. Use update_concept or add_observations.',
  },
  'memory.limit': {
    person: 'The memory does not take this: {what}, at most {most}.',
    model: 'The memory does not take this: {what}, at most {most}. Nothing was written.',
  },
  'memory.too-large': {
    person: 'The memory is too large to be read as a whole (more than {most} MB). Search it, or export it to a file.',
    model: 'The memory is too large to be read as a whole. Use search_nodes, open_nodes or query_concepts.',
  },
  'memory.no-write': {
    person: 'The memory knows no change “{write}”. See: gatehouse memory history',
    model: 'The memory knows no change {write}.',
  },
  'memory.undone': {
    person: 'This change ({write}) was undone already.',
    model: 'This change ({write}) was undone already.',
  },
  'memory.changed-since': {
    person: '“{name}” was changed again since ({write}). Undo the later change first.',
    model: '{name} was changed again since ({write}), so this cannot be undone.',
  },
  'memory.unavailable': {
    person: 'The memory cannot be opened ({problem}). Look at: gatehouse doctor',
    model: 'The memory is not available at the moment. Go on without it.',
  },
  'memory.bad-file': {
    person: 'The file was not imported, and nothing was changed. Line {line}: {reason}.',
    model: 'The file was not imported, and nothing was changed. Line {line}: {reason}.',
  },
  'memory.import-cancelled': {
    person: 'The import was cancelled. Nothing was changed.',
    model: 'The import was cancelled. Nothing was changed.',
  },
  'memory.context-limit': {
    person:
      'A session’s context takes at most 10 goals of 500 characters, a task of 2000 and 20 tags of 50. Say it shorter.',
    model:
      'A session’s context takes at most 10 goals of 500 characters, a task of 2000 and 20 tags of 50. Nothing was kept. Say it shorter.',
  },
  'memory.context-secret': {
    person:
      'A secret is in this, or was read in this session, so nothing of it is kept as its context. Leave the secret out, or use a new session.',
    model:
      'A secret is in this, or was read in this session, so nothing was kept as its context. Leave the secret out; do not retry with it.',
  },
  'memory.learning-off': {
    person: 'Learning is off for “{client}”. Switch it on with: gatehouse memory learning on NAME',
    model: 'The user has not switched learning on for this app. Do not retry; remember only what the user asks you to.',
  },
  'memory.embedder': {
    person: '{embedder} did not make vectors ({problem}). The memory goes on with those it has.',
    model: 'The memory’s embedder does not answer.',
  },
} as const satisfies Record<string, { person: string; model: string }>

/** What the window says of newer versions, of Gatehouse and of servers. */
export const updateWords = {
  'updates.title': 'Updates',
  'updates.text': 'The version of Gatehouse, and newer ones of it and of your servers. Nothing is installed by itself.',
  'updates.version': 'Gatehouse {version}',
  'updates.installed.package': 'Installed as a package for this system.',
  'updates.installed.sources':
    'Built from its sources in {folder}. Newer versions are where you have these from: update them there, and start Gatehouse anew.',
  'updates.off': 'Looking for a newer Gatehouse is switched off. You can switch it on below.',
  'updates.nowhere': 'Say below where newer versions are found.',
  'updates.check': 'Look now',
  'updates.newer': 'There is a newer Gatehouse: {version}. Install it as you installed this one.',
  'updates.newest': 'This is the newest version, as of {at}.',
  'updates.problem': 'It could not be looked for: {problem}',
  'updates.servers': 'Newer versions of servers',
  'updates.servers.none': 'No newer version of a server is known.',
  'updates.servers.check': 'Ask the registries now',
  'updates.servers.asked': 'The registries were asked.',
  'updates.servers.review': 'Review {server}',
  'updates.servers.change': '{server}: {installed} → {latest}',
} as const

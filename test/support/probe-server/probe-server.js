/**
 * A server that tries to break out. Takes one argument, JSON with the places to try; prints JSON: for every attempt whether it
 * was reached or refused, and what happened. Plain Node without packages, so that nothing but the sandbox decides.
 */
import { spawnSync } from 'node:child_process'
import dgram from 'node:dgram'
import dns from 'node:dns/promises'
import fs from 'node:fs'
import net from 'node:net'
import path from 'node:path'

const at = JSON.parse(process.argv[2])
const home = (name) => path.join(at.home, name)
const own = process.env.TMPDIR ?? '/nowhere'
const patienceMs = 4000

const read = (file) => () => `read ${fs.readFileSync(file).length} bytes`
const list = (folder) => () => {
  const names = fs.readdirSync(folder)
  if (names.length === 0) throw new Error('empty')
  return `listed ${names.join(' ')}`
}
const write = (file) => () => {
  fs.writeFileSync(file, 'written by the probe', { flag: 'a' })
  return `wrote ${file}`
}
const connect = (options) => () =>
  new Promise((done, failed) => {
    const socket = net.connect(options)
    socket.setTimeout(patienceMs, () => socket.destroy(new Error('timed out')))
    socket.once('connect', () => {
      socket.destroy()
      done('connected')
    })
    socket.once('error', failed)
  })

/** Sends raw text to the proxy named in the environment; reached when it answers 2xx. */
const throughProxy = (request) => () =>
  new Promise((done, failed) => {
    const proxy = URL.parse(process.env.HTTPS_PROXY ?? '')
    if (!proxy) return failed(new Error('no proxy'))
    const login = Buffer.from(`${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`)
    const socket = net.connect({ host: '127.0.0.1', port: Number(proxy.port) })
    socket.setTimeout(patienceMs, () => socket.destroy(new Error('timed out')))
    socket.once('connect', () =>
      socket.write(`${request}\r\nProxy-Authorization: Basic ${login.toString('base64')}\r\n\r\n`),
    )
    socket.once('data', (data) => {
      socket.destroy()
      const status = data.toString('latin1').split('\r\n')[0]
      if (/^HTTP\/1\.[01] 2/.test(status)) done(status)
      else failed(new Error(status))
    })
    socket.once('error', failed)
    socket.once('end', () => failed(new Error('closed')))
  })
const tunnel = (target) => throughProxy(`CONNECT ${target} HTTP/1.1\r\nHost: ${target}`)
const get = (url) => throughProxy(`GET ${url} HTTP/1.1\r\nHost: ${new URL(url).host}\r\nConnection: close`)

/** SOCKS5 without a password, to a name or an address. */
const throughSocks = (host, port) => () =>
  new Promise((done, failed) => {
    const socket = net.connect({ host: '127.0.0.1', port: 1080 })
    socket.setTimeout(patienceMs, () => socket.destroy(new Error('timed out')))
    socket.once('connect', () => socket.write(Buffer.from([5, 1, 0])))
    socket.once('error', failed)
    socket.once('end', () => failed(new Error('closed')))
    socket.on('data', (data) => {
      if (data.length === 2 && data[1] === 0) {
        const name = Buffer.from(host)
        socket.write(Buffer.from([5, 1, 0, 3, name.length, ...name, port >> 8, port & 255]))
      } else {
        socket.destroy()
        if (data[0] === 5 && data.length > 2 && data[1] === 0) done('connected')
        else failed(new Error(`refused ${data[1]}`))
      }
    })
  })

const run =
  (command, ...args) =>
  () => {
    const { status, error, stderr } = spawnSync(command, args, { encoding: 'utf8', timeout: patienceMs })
    if (error) throw error
    if (status !== 0) throw new Error(stderr.trim().split('\n')[0] || `ended with ${status}`)
    return 'ran'
  }
const datagram = (host) => () =>
  new Promise((done, failed) => {
    const socket = dgram.createSocket('udp4')
    socket.unref()
    socket.once('error', failed)
    socket.connect(53, host, (error) => {
      if (error) return failed(error)
      socket.send('x', (problem) => {
        socket.close()
        if (problem) failed(problem)
        else done('sent')
      })
    })
  })
const through = (make) => () => {
  make()
  return 'done'
}
const foreign = () => {
  const found = fs.readdirSync('/proc').filter((name) => {
    try {
      return /^\d+$/.test(name) && fs.readFileSync(`/proc/${name}/cmdline`, 'latin1').includes(at.marker)
    } catch {
      return false
    }
  })
  const others = found.filter((name) => !fs.readFileSync(`/proc/${name}/cmdline`, 'latin1').includes('probe-server'))
  if (others.length === 0) throw new Error('none seen')
  return `saw ${others.join(' ')}`
}
const parentSecret = () => {
  const places = ['/proc/self/environ', '/proc/1/environ', `/proc/${process.ppid}/environ`]
  const seen = [JSON.stringify(process.env)]
  for (const place of places) {
    try {
      seen.push(fs.readFileSync(place, 'latin1'))
    } catch {
      // not readable
    }
  }
  if (!seen.some((text) => text.includes(at.parentSecret))) throw new Error('not there')
  return 'seen'
}

const port = at.httpPort
const attempts = {
  'control: read an allowed file': read(path.join(at.allowed, 'note.txt')),
  'control: write into an allowed folder': write(path.join(at.allowed, 'new.txt')),
  'control: write into its own temp folder': write(path.join(own, 'mine.txt')),
  'control: write into its own home': write(path.join(process.env.HOME ?? '/nowhere', 'mine.txt')),
  'control: its own declared secret': () => {
    if (process.env.OWN_SECRET !== at.ownSecret) throw new Error('missing')
    return 'there'
  },
  'home: SSH key': read(home('.ssh/id_ed25519')),
  'home: cloud credentials': read(home('.aws/credentials')),
  'home: browser profile': read(home('.mozilla/firefox/p/cookies.sqlite')),
  'home: another app’s settings': read(home('.config/other-app/token.json')),
  'home: keyring file': read(home('.local/share/keyrings/login.keyring')),
  'home: shell history': read(home('.bash_history')),
  'home: npm token': read(home('.npmrc')),
  'home: a visible document': read(home('Documents/letter.txt')),
  'home: list': list(at.home),
  'home: a folder whose time is over': read(path.join(at.allowed, 'over/note.txt')),
  'home: a folder that was lent alone': read(path.join(at.home, 'lent/note.txt')),
  'write: a folder whose time is over': write(path.join(at.allowed, 'over/new.txt')),
  'data: database': read(path.join(at.dataFolder, 'gatehouse.db')),
  'data: list': list(at.dataFolder),
  'data: client secret': read(path.join(at.dataFolder, 'clients/editor.json')),
  'data: another server’s package': read(path.join(at.dataFolder, 'packages/other/index.js')),
  'data: write configuration': write(path.join(at.dataFolder, 'config.yaml')),
  'data: kernel socket': connect({ path: at.socket }),
  'link: symlink in an allowed folder': read(path.join(at.allowed, 'link-to-key')),
  'link: own symlink in temp': () => {
    fs.symlinkSync(home('.ssh/id_ed25519'), path.join(own, 'link'))
    return read(path.join(own, 'link'))()
  },
  'link: symlink by way of /proc/self/root': read(`/proc/self/root${home('.ssh/id_ed25519')}`),
  'link: hard link to a key': through(() => fs.linkSync(home('.ssh/id_ed25519'), path.join(own, 'hard'))),
  'link: hard link from an allowed folder': through(() =>
    fs.linkSync(home('.ssh/id_ed25519'), path.join(at.allowed, 'hard')),
  ),
  'path: .. out of the allowed folder': read(`${at.allowed}/../.ssh/id_ed25519`),
  'path: rename into the allowed folder': through(() =>
    fs.renameSync(home('.ssh/id_ed25519'), path.join(at.allowed, 'moved')),
  ),
  'write: home': write(home('Documents/letter.txt')),
  'write: new file in home': write(home('planted.txt')),
  'write: shell start file': write(home('.bashrc')),
  'write: authorized keys': write(home('.ssh/authorized_keys')),
  'write: system folder': write('/usr/local/bin/planted'),
  'write: /etc': write('/etc/planted'),
  'write: own program': write(process.argv[1]),
  'write: read-only allowed folder': write(path.join(at.readOnly, 'new.txt')),
  // The value it has already: were it allowed, nothing would change.
  'write: kernel setting': through(() =>
    fs.writeFileSync('/proc/sys/kernel/core_pattern', fs.readFileSync('/proc/sys/kernel/core_pattern')),
  ),
  'temp: another server’s, read': read(path.join(at.otherTemp, 'secret.txt')),
  'temp: another server’s, write': write(path.join(at.otherTemp, 'planted.txt')),
  'temp: a file of the system’s /tmp': read(at.systemTempFile),
  'system: password hashes': read('/etc/shadow'),
  'system: disk device': read(at.disk),
  'system: another project': read(at.project),
  'proc: the app’s environment': read(`/proc/${at.appPid}/environ`),
  'proc: the app’s files': read(`/proc/${at.appPid}/root${at.dataFolder}/gatehouse.db`),
  'proc: the first process’s root': read(`/proc/1/root${home('.ssh/id_ed25519')}`),
  'proc: other processes': foreign,
  'proc: signal the app': through(() => process.kill(at.appPid, 0)),
  'environment: a secret of the app': parentSecret,
  'socket: session bus': connect({ path: at.bus }),
  'socket: system bus': connect({ path: '/run/dbus/system_bus_socket' }),
  'socket: abstract': connect({ path: `\0${at.abstract}` }),
  'network: Gatehouse’s port': connect({ host: '127.0.0.1', port }),
  'network: Gatehouse’s port by IPv6': connect({ host: '::1', port }),
  'network: Gatehouse’s port by name': connect({ host: 'localhost', port }),
  'network: raw TCP to a public host': connect({ host: at.publicAddress, port: 443 }),
  'network: raw TCP by IPv6': connect({ host: '2606:4700:4700::1111', port: 443 }),
  'network: metadata address': connect({ host: '169.254.169.254', port: 80 }),
  'network: DNS by UDP': datagram('8.8.8.8'),
  'network: resolve a name': () => dns.lookup(at.namedHost).then(({ address }) => address),
  'proxy: 127.0.0.1': tunnel(`127.0.0.1:${port}`),
  'proxy: localhost': tunnel(`localhost:${port}`),
  'proxy: localhost with a dot': tunnel(`localhost.:${port}`),
  'proxy: sub.localhost': tunnel(`gatehouse.localhost:${port}`),
  'proxy: 127.1': tunnel(`127.1:${port}`),
  'proxy: 127.0.0.2': tunnel(`127.0.0.2:${port}`),
  'proxy: hexadecimal': tunnel(`0x7f000001:${port}`),
  'proxy: decimal': tunnel(`2130706433:${port}`),
  'proxy: octal': tunnel(`0177.0.0.1:${port}`),
  'proxy: 0.0.0.0': tunnel(`0.0.0.0:${port}`),
  'proxy: ::1': tunnel(`[::1]:${port}`),
  'proxy: mapped IPv4': tunnel(`[::ffff:127.0.0.1]:${port}`),
  'proxy: this computer’s address': tunnel(`${at.hostAddress}:${port}`),
  'proxy: local network': tunnel('192.168.1.1:80'),
  'proxy: metadata address': tunnel('169.254.169.254:80'),
  'proxy: metadata name': tunnel('metadata.google.internal:80'),
  'proxy: plain request to 127.0.0.1': get(`http://127.0.0.1:${port}/`),
  'proxy: plain request to localhost': get(`http://localhost:${port}/`),
  'proxy: SOCKS to localhost': throughSocks('localhost', port),
  'proxy: SOCKS to 127.0.0.1': throughSocks('127.0.0.1', port),
  'proxy: the named host': tunnel(`${at.namedHost}:443`),
  'proxy: another public host': tunnel(`${at.otherHost}:80`),
  'process: start a program': run('/bin/true'),
  'process: user namespace': run('/usr/bin/unshare', '-Ur', '/bin/true'),
  'process: mount': run('/bin/mount', '-t', 'tmpfs', 'none', '/mnt'),
  'process: become another user': through(() => process.setuid(12_345)),
}

const results = []
for (const [name, attempt] of Object.entries(attempts)) {
  try {
    results.push({ name, outcome: 'reached', detail: String(await attempt()) })
  } catch (problem) {
    results.push({ name, outcome: 'refused', detail: String(problem.code ?? '') || String(problem.message) })
  }
}
process.stdout.write(`${JSON.stringify(results)}\n`, () => process.exit(0))

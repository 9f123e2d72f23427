// The floor: a bridge and a daemon that pass bytes on and do nothing else.
//   floor-relay.mjs daemon SOCKET COMMAND ARGS…    floor-relay.mjs bridge SOCKET
import { spawn } from 'node:child_process'
import { connect, createServer } from 'node:net'

const [role, socketPath, command, ...args] = process.argv.slice(2)
if (role === 'daemon') {
  createServer((socket) => {
    const server = spawn(command, args, { stdio: ['pipe', 'pipe', 'ignore'] })
    socket.pipe(server.stdin)
    server.stdout.pipe(socket)
    socket.on('close', () => server.kill())
    socket.on('error', () => server.kill())
  }).listen(socketPath, () => process.stdout.write('ready\n'))
} else {
  const socket = connect(socketPath)
  process.stdin.pipe(socket)
  socket.pipe(process.stdout)
  socket.on('close', () => process.exit(0))
}

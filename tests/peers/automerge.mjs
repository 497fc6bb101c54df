// automerge-repo: one document per patient; a server with files and websockets, a client with files.
import { fork } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { Repo } from '@automerge/automerge-repo'
import { WebSocketClientAdapter, WebSocketServerAdapter } from '@automerge/automerge-repo-network-websocket'
import { NodeFSStorageAdapter } from '@automerge/automerge-repo-storage-nodefs'
import { WebSocketServer } from 'ws'
import { freePort, obey, person, say, timed } from './person.mjs'

const serving = process.argv[2] === 'serve'
const [folder, patients, changed] = process.argv.slice(serving ? 3 : 2).map((word, at) => (at ? Number(word) : word))

if (serving) {
  const socket = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  await new Promise((done) => socket.on('listening', done))
  const storage = join(folder, 'server')
  mkdirSync(storage)
  const repo = new Repo({
    storage: new NodeFSStorageAdapter(storage),
    network: [new WebSocketServerAdapter(socket)]
  })
  const handles = []
  for (let n = 0; n < patients; n++) handles.push(repo.create(person(n)))
  await repo.flush()
  process.send({ port: socket.address().port, urls: handles.map((handle) => handle.url) })
  process.on('message', async ({ turn }) => {
    const spread = Math.max(1, Math.floor(patients / changed))
    const which = Array.from({ length: changed }, (_, nth) => (nth * spread + turn) % patients)
    const note = `足もとに注意。車いすで来院されます（${turn}）`
    for (const n of which) handles[n].change((patient) => { patient.note = note })
    await repo.flush()
    process.send({ which, note })
  })
} else {
  const server = fork(fileURLToPath(import.meta.url), ['serve', folder, String(patients), String(changed)])
  process.on('exit', () => server.kill('SIGKILL'))
  const heard = () => new Promise((done, failed) => { server.once('message', done); server.once('exit', failed) })
  const { port, urls } = await heard()
  const storage = join(folder, 'client')
  mkdirSync(storage)
  const repo = new Repo({ storage: new NodeFSStorageAdapter(storage), network: [] })
  let [through, turn, adapter, expected] = [port, 0, undefined, { which: [], note: '' }]
  const handles = []
  const connect = () => {
    adapter = new WebSocketClientAdapter(`ws://127.0.0.1:${through}`)
    repo.networkSubsystem.addNetworkAdapter(adapter)
  }
  const disconnect = () => {
    if (!adapter) return
    repo.networkSubsystem.removeNetworkAdapter(adapter)
    adapter = undefined
  }
  // a document that is asked for while the line is not up counts as one that nobody has
  const find = async (url) => {
    for (;;) {
      try {
        return await repo.find(url)
      } catch {
        await pause(100)
      }
    }
  }
  const fill = async () => {
    connect()
    await new Promise((done) => adapter.once('peer-candidate', done))
    for (let from = 0; from < urls.length; from += 200) {
      handles.push(...(await Promise.all(urls.slice(from, from + 200).map(find))))
    }
    await repo.flush()
  }
  const arrived = (handle, note) =>
    new Promise((done) => {
      const look = () => {
        if (handle.doc()?.note !== note) return
        handle.off('change', look)
        done()
      }
      handle.on('change', look)
      look()
    })
  say({ port })
  await obey({
    through: (port) => {
      through = port
    },
    fill: () => timed(fill),
    change: async () => {
      disconnect()
      turn += 1
      server.send({ turn })
      expected = await heard()
    },
    reconnect: () =>
      timed(async () => {
        connect()
        await Promise.all(expected.which.map((n) => arrived(handles[n], expected.note)))
        await repo.flush()
      })
  })
  process.exit(0)
}

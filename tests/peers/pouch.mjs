// PouchDB: a client on LevelDB that replicates from pouchdb-server on LevelDB, both on disk.
import { spawn } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { freePort, obey, person, say, timed } from './person.mjs'

const PouchDB = createRequire(import.meta.url)('pouchdb')
const [folder, patients, changed] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])]
const here = dirname(fileURLToPath(import.meta.url))
const port = await freePort()
const served = join(folder, 'served')
mkdirSync(served)
const server = spawn(
  process.execPath,
  [join(here, 'node_modules/pouchdb-server/bin/pouchdb-server'), '--port', port, '--host', '127.0.0.1', '--dir', served, '--no-stdout-logs', '--no-color'],
  { cwd: served, stdio: 'ignore' }
)
process.on('exit', () => server.kill('SIGKILL'))
while (!(await fetch(`http://127.0.0.1:${port}/`).then((answer) => answer.ok, () => false))) await pause(50)

const direct = `http://127.0.0.1:${port}/patients`
const remote = new PouchDB(direct)
await remote.info()
for (let from = 0; from < patients; from += 500) {
  const documents = []
  for (let n = from; n < Math.min(from + 500, patients); n++) documents.push({ _id: `p${String(n).padStart(6, '0')}`, ...person(n) })
  await remote.bulkDocs(documents)
}
const local = new PouchDB(join(folder, 'local'))
let through = direct
let turn = 0
const replicate = async (from) => {
  let last
  for (;;) {
    try {
      last = await local.replicate.from(from)
      break
    } catch (failure) {
      // a line that broke: again, as an application would
      await pause(200)
    }
  }
  if (!last.ok) throw new Error('not replicated')
}

say({ port })
await obey({
  through: (port) => {
    through = `http://127.0.0.1:${port}/patients`
  },
  fill: () => timed(() => replicate(through)),
  change: async () => {
    turn += 1
    const spread = Math.max(1, Math.floor(patients / changed))
    const keys = Array.from({ length: changed }, (_, nth) => `p${String((nth * spread + turn) % patients).padStart(6, '0')}`)
    const found = await remote.allDocs({ keys, include_docs: true })
    await remote.bulkDocs(found.rows.map((row) => ({ ...row.doc, note: `足もとに注意。車いすで来院されます（${turn}）` })))
  },
  reconnect: () => timed(() => replicate(through))
})
process.exit(0)

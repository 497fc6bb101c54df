// A patient of about twenty fields, Japanese as in a clinic; the same for every store.
const families = ['見本', '仮野', '例田', '架川', '試山', '写沢', '雛橋', '絵空']
const givens = ['花子', '太郎', '和美', '正明', '幸恵', '智久', '千代', '義男']

export function person(n, note = '') {
  return {
    number: `P${String(n).padStart(6, '0')}`,
    name: `${families[n % 8]}　${givens[(n >> 3) % 8]}`,
    name_kana: 'ミホン　ハナコ',
    birth_date: `19${String(40 + (n % 60)).padStart(2, '0')}-0${1 + (n % 9)}-1${n % 10}`,
    sex: n % 2 ? '女' : '男',
    postal_code: '100-0001',
    address: `東京都千代田区見本町${n % 30}丁目${n % 20}番${n % 15}号　見本ハイツ${n % 400}号室`,
    phone: `03-0000-${String(n % 10000).padStart(4, '0')}`,
    insurer_number: '06010391',
    insured_symbol: '見本',
    insured_number: String(1000 + n),
    branch_number: '01',
    relation: '本人',
    share_tenths: 3,
    valid_from: '2025-04-01',
    valid_to: '2027-03-31',
    consent_history: '同意なし',
    household: `見本世帯${n}`,
    language: '日本語',
    note
  }
}

/// Says something to the program that measures.
export const say = (what) => console.log(`bench ${JSON.stringify(what)}`)

/// Takes orders, one a line, one after the other.
export async function obey(orders) {
  const { createInterface } = await import('node:readline')
  for await (const line of createInterface({ input: process.stdin })) {
    const [order, argument] = line.trim().split(' ')
    if (order === 'end') break
    say((await orders[order](argument)) ?? {})
  }
}

/// How long something took.
export async function timed(work) {
  const begun = performance.now()
  await work()
  return { seconds: (performance.now() - begun) / 1000 }
}

/// A port that was free a moment ago.
export async function freePort() {
  const { createServer } = await import('node:net')
  const server = createServer()
  await new Promise((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address()
  await new Promise((done) => server.close(done))
  return port
}

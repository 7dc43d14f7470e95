// An endpoint of which some servers never come up: the others are served, and whoever looks learns which is missing and why. One that
// comes up later is served from then on.
import path from 'node:path';
import { INTEROP, sleep } from '../process.mjs';
import { sallyport } from '../product.mjs';
import { connect } from './clients.mjs';
import { ERAS, Endpoint } from './endpoint.mjs';
import { lateServer } from './servers.mjs';

const LAST_WORDS = 'cannot open the database';
const BACK_WITHIN_MS = 30_000;

const missingIn = result => (result?._meta?.['dev.sallyport/missing'] ?? []).join(' ');

/** Who is missing is told wherever somebody looks. */
async function told({ sheet, endpoint, folder }) {
  const states = endpoint.ready.servers.map(server => `${server.name} ${server.state}`).join(', ');
  sheet.row('broken: ready line', 'dies down, good up, late down', states, states === 'dies down, good up, late down');
  const readiness = await endpoint.admin('/readyz?verbose');
  sheet.row('broken: /readyz?verbose', '200, and which are down', `${readiness.status} ${readiness.text.trim().replaceAll('\n', '; ')}`,
    readiness.status === 200 && /^dies: down/m.test(readiness.text) && /^late: down/m.test(readiness.text) && /^good: up/m.test(readiness.text));
  const status = await sallyport(['status'], folder, 60_000);
  const text = status.lines.join('; ');
  sheet.row('broken: sallyport status', `69, and why: ${LAST_WORDS}`, `${status.code} ${text}`, status.code === 69 && text.includes(LAST_WORDS) && /good  ready/.test(text));
  const json = await sallyport(['status', '--json'], folder, 60_000);
  const servers = JSON.parse(json.lines[0]).servers;
  const why = Object.fromEntries(servers.filter(server => !server.ready).map(server => [server.name, server.why]));
  sheet.row('broken: sallyport status --json', 'dies and late are not ready, each with a reason', JSON.stringify(why),
    Object.keys(why).join() === 'dies,late' && Object.values(why).every(reason => reason?.length > 0));
}

async function rest({ sheet, endpoint }) {
  for (const era of ERAS) {
    const client = await endpoint.client(era);
    const { result } = await client.ask('tools/list');
    sheet.row(`broken, ${era}: list`, 'the tools of good, and who is missing', `${result?.tools.map(tool => tool.name)}; missing ${missingIn(result)}`,
      result?.tools.length === 3 && missingIn(result) === 'dies late');
    const good = await client.ask('tools/call', { name: 'good__good_2', arguments: {} });
    sheet.row(`broken, ${era}: a call to the one that is up`, 'good_2', good.result?.content[0].text ?? good.error?.message, good.result?.content[0].text === 'good_2');
    const start = performance.now();
    const dead = await client.ask('tools/call', { name: 'dies__anything', arguments: {} });
    sheet.row(`broken, ${era}: a call to one that is not`, 'at once, an error that says so', `${Math.round(performance.now() - start)} ms, ${dead.error?.code} ${dead.error?.message}`,
      /unavailable/.test(dead.error?.message ?? '') && performance.now() - start < 5_000);
  }
}

/** It comes up: no restart, and who listens is told. */
async function comesLate({ sheet, endpoint, late }) {
  const sessions = [];
  for (const era of ERAS) {
    const session = await connect(era, endpoint);
    await session.watchTools();
    sessions.push(session);
  }
  await late.start();
  const start = performance.now();
  const took = {};
  while (performance.now() - start < BACK_WITHIN_MS && Object.keys(took).length < 2 * sessions.length) {
    for (const session of sessions) {
      if (session.toolChanges > 0) took[`${session.era} told`] ??= performance.now() - start;
      const works = await session.call('late__test_simple_text', {}).then(result => !result.isError, () => false);
      if (works) took[`${session.era} called`] ??= performance.now() - start;
    }
    await sleep(100);
  }
  for (const era of ERAS) {
    for (const what of ['called', 'told']) {
      const ms = took[`${era} ${what}`];
      sheet.row(`broken, ${era}: late comes up, ${what}`, `within ${BACK_WITHIN_MS / 1000} s`, ms === undefined ? 'no' : `after ${Math.round(ms)} ms`, ms !== undefined);
    }
  }
  for (const session of sessions) await session.close();
}

export async function broken({ sheet, folder, keys }) {
  const late = await lateServer();
  const servers = [
    { prefix: 'dies', config: { command: process.execPath, args: ['-e', `console.error('${LAST_WORDS}'); process.exit(3)`] } },
    { prefix: 'good', config: { command: process.execPath, args: [path.join(INTEROP, 'federation/many.mjs'), 'good', '3', '100'] } },
    { prefix: 'late', config: { url: late.url } },
  ];
  const endpoint = await Endpoint.open('broken', folder, keys, servers);
  let faults = [];
  try {
    await told({ sheet, endpoint, folder });
    await rest({ sheet, endpoint });
    await comesLate({ sheet, endpoint, late });
  } finally {
    faults = await endpoint.stop();
    if (late.program) {
      late.signal('SIGTERM');
      await late.ended();
    }
  }
  sheet.row('broken: what the clients saw', 'nothing their version does not know', faults.join('; ') || 'nothing', faults.length === 0);
}

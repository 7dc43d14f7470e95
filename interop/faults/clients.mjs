// Clients that leave in mid-stream, read slowly, or hold connections (security.md R10, R11, R31, T73).
import net from 'node:net';
import { readFileSync } from 'node:fs';
import { Connection } from '../clients/socket.mjs';
import { Endpoint, message, modern } from '../malformed/requests.mjs';
import { Gateway, MIB, Peak, Pulse, held, mib, ms, percentile, spread, text, until } from './gateway.mjs';

const endpointOf = (gateway, key) => new Endpoint({ url: gateway.ready.url, key });
const steps = (mark, count, everyMs) => ({ name: 'steps', arguments: { mark, count, everyMs } });

/** The events of a body as they came: {id, data}. */
function eventsIn(received) {
  return received.toString('utf8').split(/\r?\n\r?\n/).slice(0, -1).map(block => {
    const field = name => block.split(/\r?\n/).filter(line => line.startsWith(`${name}:`)).map(line => line.slice(name.length + 1).trim()).at(-1);
    return { id: field('id'), data: field('data') };
  });
}

async function modernClientLeaves(verdict) {
  const rounds = 30;
  const gateway = await Gateway.open('a client leaves');
  const endpoint = endpointOf(gateway, gateway.ready.key);
  const noticed = [];
  for (let round = 0; round < rounds; round++) {
    const mark = `leaver ${round}`;
    const connection = new Connection(endpoint.port);
    const frame = modern(round, 'tools/call', steps(mark, 10_000, 20));
    frame.params._meta.progressToken = `t${round}`;
    connection.send(endpoint.modern(frame));
    const streaming = await connection.until('two steps', () => connection.received.includes(`${mark} 2`) || undefined);
    verdict.holds(streaming, `no progress came: ${connection.received.toString('latin1').slice(0, 300)}`);
    const left = Date.now();
    if (round % 2 === 0) connection.socket.resetAndDestroy();
    else connection.close();
    const note = await until(() => gateway.notes('cancelled').find(each => each.mark === mark), 5_000, 5);
    verdict.holds(note, `${mark}: the server was not told within 5 s`);
    if (note) noticed.push(Math.max(0, note.at - left));
  }
  verdict.holds(percentile(noticed, 0.5) < 1_000, `the server was told after ${spread(noticed)}`);
  const after = await gateway.owner.call('n', 'echo', { text: 'on' });
  verdict.holds(text(after) === 'on', `afterwards: ${JSON.stringify(after)}`);
  await gateway.stop();
  return `${noticed.length} of ${rounds} told to the server after ${spread(noticed)}`;
}

async function legacyClientComesBack(verdict) {
  const rounds = 10;
  const gateway = await Gateway.open('a client with a session leaves');
  const endpoint = endpointOf(gateway, gateway.ready.key);
  const session = await endpoint.open();
  const resumed = [];
  for (let round = 0; round < rounds; round++) {
    const mark = `returner ${round}`;
    const count = 12;
    const connection = new Connection(endpoint.port);
    const frame = message(round, 'tools/call', { ...steps(mark, count, 20), _meta: { progressToken: `t${round}` } });
    connection.send(endpoint.legacy(session, frame));
    await connection.until('three steps', () => connection.received.includes(`${mark} 3`) || undefined);
    connection.socket.resetAndDestroy();
    const before = eventsIn(connection.received);
    const last = before.filter(event => event.id).at(-1)?.id;
    verdict.holds(last, `${mark}: no event has an id`);
    if (!last) break;
    const start = performance.now();
    const again = new Connection(endpoint.port);
    again.send(endpoint.without('GET', { Accept: 'text/event-stream', 'Mcp-Session-Id': session.id, 'MCP-Protocol-Version': session.version, 'Last-Event-ID': last }));
    const over = await again.until('the result', () => again.received.includes(`${mark} done`) || undefined);
    resumed.push(performance.now() - start);
    const seen = [...before.slice(0, before.findIndex(event => event.id === last) + 1), ...eventsIn(again.received)]
      .map(event => event.data && JSON.parse(event.data)).filter(each => each?.method === 'notifications/progress').map(each => each.params.progress);
    verdict.holds(over, `${mark}: the result did not come: ${again.received.toString('latin1').slice(0, 400)}`);
    verdict.holds(JSON.stringify(seen) === JSON.stringify(Array.from({ length: count }, (_, each) => each + 1)), `${mark}: steps lost or twice: ${seen}`);
    again.close();
  }
  verdict.holds(gateway.notes('cancelled').length === 0, 'the server was told that somebody cancelled');
  await gateway.stop();
  return `${resumed.length} of ${rounds} results fetched with Last-Event-ID, no step lost or twice; the last after ${spread(resumed)}`;
}

async function slowReaders(verdict) {
  const readers = 500;
  const gateway = await Gateway.open('slow readers', { heap: '512m' });
  const [fast, ...callers] = await gateway.callers(10);
  await fast.call(0, 'pid', {});
  const quiet = new Pulse(fast);
  await until(() => quiet.times.length >= 100, 20_000);
  await quiet.end();
  // The callers of the readers get a process each.
  const most = held(gateway.pid).descriptors + 6 * callers.length;
  const peak = new Peak(gateway.pid);
  const pulse = new Pulse(fast);
  const sockets = [];
  const heads = { '200': 0, refused: 0, closed: 0 };
  for (let each = 0; each < readers; each++) {
    const endpoint = endpointOf(gateway, callers[each % callers.length].key);
    const request = endpoint.modern(modern(each, 'tools/call', { name: 'large', arguments: { mib: 1 } }));
    let status = '';
    let ticks;
    // Takes one byte at a time: after the head it takes nothing, or one byte each tenth of a second.
    const socket = net.connect({ port: endpoint.port, host: '127.0.0.1', onread: { buffer: Buffer.alloc(1), callback: (size, byte) => {
      if (status.length < 12) {
        status += byte.toString('latin1', 0, size);
        if (status.length < 12) return true;
        heads[status.endsWith('200') ? '200' : 'refused']++;
      }
      if (each % 2 === 0) {
        ticks = setTimeout(() => socket.resume(), 100);
      }
      return false;
    } } });
    socket.on('error', () => undefined).on('close', () => { heads.closed++; clearTimeout(ticks); });
    socket.write(request);
    sockets.push(socket);
  }
  await until(() => heads['200'] + heads.refused >= readers, 20_000);
  // Their patience, and ours: the gateway has to live with them for a while, not only to take them.
  const beats = pulse.times.length;
  await until(() => pulse.times.length >= beats + 200, 20_000);
  const { times, wrong } = await pulse.end();
  const grown = peak.end();
  sockets.forEach(socket => socket.destroy());
  const freed = await until(() => held(gateway.pid).descriptors < most, 20_000, 100);
  const after = await until(async () => text(await callers[0].call('n', 'echo', { text: 'on' })) === 'on', 20_000, 100);
  verdict.holds(heads['200'] + heads.refused === readers, `heads: ${JSON.stringify(heads)}`);
  verdict.holds(heads['200'] > 0, 'nobody was answered');
  verdict.holds(!gateway.program.errors.includes('OutOfMemoryError'), `its heap of 512 MiB was not enough: ${gateway.program.errors.slice(0, 3000)}`);
  verdict.holds(grown < 576 * MIB, `the gateway grew by ${mib(grown)}`);
  verdict.holds(wrong.length === 0, `another caller: ${wrong[0]}`);
  verdict.holds(percentile(times, 0.5) < 500, `another caller waits: ${spread(times)}`);
  verdict.holds(freed, `${held(gateway.pid).descriptors} descriptors afterwards, ${most} are due`);
  verdict.holds(after, 'one of their callers is not served afterwards');
  await gateway.stop();
  return `${readers} readers of 1 MiB: ${heads['200']} answered, ${heads.refused} told to come again; memory +${mib(grown)}; others ${spread(times)} (before: ${spread(quiet.times)})`;
}

/** Seconds of processor time so far. */
function processor(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

async function noDescriptors(verdict) {
  const gateway = await Gateway.open('no descriptors', { wrap: line => ['/bin/sh', '-c', 'ulimit -n 256 && exec "$@"', 'sh', ...line] });
  await gateway.owner.call(0, 'echo', { text: 'x' });
  const quiet = processor(gateway.pid);
  const sockets = Array.from({ length: 400 }, () => net.connect({ port: new URL(gateway.ready.url).port, host: '127.0.0.1' }).on('error', () => undefined));
  const full = await until(() => held(gateway.pid).descriptors >= 200, 10_000);
  const start = performance.now();
  const spent = processor(gateway.pid);
  await until(() => false, 2_000);
  const share = (processor(gateway.pid) - spent) / ((performance.now() - start) / 1000);
  sockets.forEach(socket => socket.destroy());
  const served = await until(async () => {
    try {
      return text(await gateway.owner.call('n', 'echo', { text: 'on' }, { signal: AbortSignal.timeout(2_000) })) === 'on';
    } catch {
      return false;
    }
  }, 30_000, 100);
  const healed = performance.now() - start - 2_000;
  verdict.holds(full, `only ${held(gateway.pid).descriptors} descriptors are in use`);
  verdict.holds(share < 0.7, `it turns in circles: ${Math.round(100 * share)} % of a core`);
  verdict.holds(served, 'not served afterwards');
  await gateway.stop();
  return `400 connections where 256 files may be open: ${Math.round(100 * share)} % of a core (started with ${quiet.toFixed(1)} s); served ${ms(healed)} after they left`;
}

export const rows = [
  { name: 'client leaves in mid-stream, 2026-07-28', run: modernClientLeaves },
  { name: 'client leaves and comes back, 2025-11-25', run: legacyClientComesBack },
  { name: '500 slow readers', run: slowReaders },
  { name: 'no descriptors left', run: noDescriptors },
];

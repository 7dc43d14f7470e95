// The client of event streams: a process of its own, told by hop.mjs what to do. When an event was sent stands in it, on the clock that
// this process reads too: Java's System.nanoTime() and Node's process.hrtime() are both the machine's monotonic clock.
import http from 'node:http';
import { obey } from '../actions.mjs';
import { callOf, listen } from './messages.mjs';

const OPENED_TOGETHER = 16;
const OPENS_WITHIN_MS = 20_000;

/** Whoever has refused that many streams will not take another one. */
const ENOUGH_REFUSALS = 32;

const agent = new http.Agent({ keepAlive: true });
let idle = [];

const after = ms => new Promise(resolve => setTimeout(resolve, ms));

/** Sends it and resolves with the answer once its head is there. */
function post(port, key, { fields, body }) {
  return new Promise((resolve, reject) => {
    http.request({ agent, host: '127.0.0.1', port, path: '/mcp', method: 'POST',
      headers: { ...fields, authorization: `Bearer ${key}`, 'content-length': body.length } }, resolve).once('error', reject).end(body);
  });
}

/** The messages of an event stream, as they come, with the moment of their arrival. */
function follow(response, onMessage) {
  let rest = '';
  response.setEncoding('utf8').on('data', text => {
    const at = process.hrtime.bigint();
    const events = (rest + text).split(/\r?\n\r?\n/);
    rest = events.pop();
    for (const event of events) {
      const data = event.split(/\r?\n/).filter(line => line.startsWith('data:')).map(line => line.slice(5)).join('\n');
      if (data !== '') onMessage(JSON.parse(data), at);
    }
  });
}

async function stream({ port, key, number, events, everyMs }, delays) {
  const response = await post(port, key, callOf(number, 'stream', { events, everyMs }, { progressToken: `stream-${number}` }));
  if (response.statusCode !== 200) throw new Error(`status ${response.statusCode}`);
  let result;
  follow(response, (message, at) => {
    if (message.method === 'notifications/progress') delays.push(Number(at - BigInt(message.params.message)) / 1e6);
    else if (message.id === number) result = message.result;
  });
  await new Promise((resolve, reject) => response.once('end', resolve).once('error', reject));
  if (result?.resultType !== 'complete') throw new Error('a stream without a result');
}

/** `count` streams at a time, which start evenly over the time between two events so that they do not all come at once. */
async function delays({ port, keys, count, events, everyMs }) {
  const found = [];
  await Promise.all(Array.from({ length: count }, async (_, number) => {
    await after((number * everyMs) / count);
    await stream({ port, key: keys[number % keys.length], number, events, everyMs }, found);
  }));
  const lost = count * events - found.length;
  if (lost !== 0) throw new Error(`${lost} of ${count * events} events did not come`);
  found.sort((a, b) => a - b);
  const at = share => found[Math.min(found.length - 1, Math.floor(found.length * share))];
  return { events: found.length, p50: at(0.5), p99: at(0.99), most: found.at(-1) };
}

/** A subscription that stays; resolves once it is acknowledged. */
async function subscribe(port, key, number) {
  const response = await post(port, key, listen(number));
  if (response.statusCode !== 200) {
    let text = '';
    for await (const piece of response.setEncoding('utf8')) text += piece;
    throw new Error(`${response.statusCode} ${text.slice(0, 200)}`);
  }
  response.on('error', () => {}).once('close', () => idle.splice(idle.indexOf(response), 1));
  idle.push(response);
  await new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('not acknowledged')), OPENS_WITHIN_MS);
    response.once('close', () => reject(new Error('closed before it was acknowledged')));
    follow(response, ({ method }) => {
      if (method !== 'notifications/subscriptions/acknowledged') return;
      clearTimeout(timer);
      resolve();
    });
  });
}

/** Opens `count` subscriptions, `perKey` with each key, or as many as are granted; `refusals` tells why not more. */
async function open({ port, keys, count, perKey }) {
  const refusals = [];
  let next = 0;
  const opener = async () => {
    while (next < count && refusals.length < ENOUGH_REFUSALS) {
      const number = next++;
      try {
        await subscribe(port, keys[Math.floor(number / perKey)], number);
      } catch (error) {
        refusals.push(error.message);
      }
    }
  };
  await Promise.all(Array.from({ length: OPENED_TOGETHER }, opener));
  return { open: idle.length, refusals };
}

const standing = async ({ ms }) => {
  await after(ms);
  return { open: idle.length };
};

async function close() {
  agent.destroy();
  return {};
}

obey({ delays, open, standing, close });

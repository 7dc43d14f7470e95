// A server that is away for a while and comes back knowing nothing (CL-03, 2.5, 3.6).
import { until } from '../faults/gateway.mjs';
import { sleep } from '../process.mjs';
import { before, call, eachClient, ERAS, got, says, textOf, timed } from './ground.mjs';
import { RESOURCE, said } from './upstream.mjs';

const QUICK_MS = 3_000;
const AWAY_MS = 1_500;
/** The subscription's own pauses and those of the session's stream. */
const RESTORED_WITHIN_MS = 20_000;
const UPDATED = 'notifications/resources/updated';

const tools = upstream =>
  upstream
    .tool('hold', async answering => {
      await answering.unwanted;
      return undefined;
    })
    .tool('log', answering => {
      answering.log('info', answering.args.mark);
      return said('logged');
    });

/** A client that has asked for news and for logs: a level of its own, a subscription, an open stream. */
async function subscriber(client) {
  if (client.modern) return client.listen({ resourceSubscriptions: [RESOURCE] });
  const stream = await client.listen();
  await client.ask('logging/setLevel', { level: 'info' });
  await client.ask('resources/subscribe', { uri: RESOURCE });
  return stream;
}

const logged = (client, mark) => call(client, 'log', { mark }, client.modern ? { level: 'info' } : {});
const heard = (outcome, mark) => outcome.notifications.some(each => each.method === 'notifications/message' && each.params.data === mark);
const news = stream => stream.messages.filter(message => message.method === UPDATED).length;

/** Whether a change at the server now comes to the client. */
async function isTold(upstream, stream) {
  const had = news(stream);
  return until(() => {
    upstream.updated();
    return news(stream) > had;
  }, RESTORED_WITHIN_MS, 100);
}

async function awayAndBack(ground, sheet, client) {
  const { upstream } = ground;
  const stream = await subscriber(client);
  sheet.row('subscribed, before', 'a change is told', (await isTold(upstream, stream)) ? 'told' : 'not told', news(stream) > 0);
  const before = await logged(client, 'before');
  sheet.row('log level, before', 'a log message', heard(before, 'before') ? 'one' : got(before), heard(before, 'before'));

  const opened = upstream.count('initialize');
  const mark = `in flight ${client.version}`;
  const inFlight = timed(call(client, 'hold', { mark }));
  await until(() => upstream.count('tools/call', mark) === 1, 5_000);
  const gone = performance.now();
  await upstream.vanish();
  const lost = await inFlight;
  const after = performance.now() - gone;
  sheet.row('killed in mid-call', 'told soon that it may have had effects', `${got(lost.value)}, ${Math.round(after)} ms later`,
    says(lost.value, /may have had effects/) && after < QUICK_MS);
  for (const [name, ask] of Object.entries({ 'tools/call': () => call(client, 'echo', { text: 'x' }), 'tools/list': () => client.ask('tools/list') })) {
    const meanwhile = await timed(ask());
    sheet.row(`${name} while it is away`, 'unavailable, told soon', `${got(meanwhile.value)} ${meanwhile.in}`,
      says(meanwhile.value, /unavailable/) && meanwhile.took < QUICK_MS);
  }
  await sleep(AWAY_MS);
  await upstream.listen();
  const first = await timed(until(async () => {
    const answer = await call(client, 'echo', { text: 'again' });
    return textOf(answer) === 'again' && answer;
  }, 10_000, 100));
  sheet.row('back on the same port', 'the next call is served', first.value ? `${got(first.value)} ${first.in}` : `nothing ${first.in}`, first.value && first.took < QUICK_MS);
  if (!upstream.modern) {
    const more = upstream.count('initialize') - opened;
    sheet.row('back, knowing no session', 'initialized anew, not over and over', `${more} times`, more >= 1 && more <= 3);
  }
  const restored = await timed(isTold(upstream, stream));
  sheet.row('subscribed, after', 'a change is told as before', restored.value ? `told ${restored.in}` : 'not told', restored.value);
  const again = await logged(client, 'after');
  sheet.row('log level, after', 'a log message as before', heard(again, 'after') ? 'one' : got(again), heard(again, 'after'));
  stream.leave();
}

async function forgotten(ground, sheet, client) {
  const { upstream } = ground;
  await call(client, 'echo', {});
  upstream.sessions.clear();
  const answer = await call(client, 'echo', { text: 'anew', mark: `forgotten ${client.version}` });
  const served = upstream.received('tools/call', `forgotten ${client.version}`).filter(each => each.session !== undefined).length;
  sheet.row('session forgotten between two calls', 'carried out once, in a new session', `${got(answer)}, ${served} times`, textOf(answer) === 'anew' && served === 1);
}

/** It is restarted in the middle of a call whose stream could be taken up again: there is nothing to take up, and nothing to repeat. */
async function forgottenInMidCall(ground, sheet, client) {
  const { upstream } = ground;
  const mark = `restarted ${client.version}`;
  upstream.tool('restarts', answering => {
    answering.event({ method: 'notifications/message', params: { level: 'debug', data: 'begun' } }, 'event-1');
    setTimeout(() => {
      upstream.sessions.clear();
      answering.cut();
    }, 100);
  });
  const answer = await timed(call(client, 'restarts', { mark }));
  await sleep(300);
  const times = upstream.count('tools/call', mark);
  sheet.row('session forgotten in mid-call, stream with event ids', 'carried out once; told that it is lost', `${got(answer.value)}, ${times} times, ${answer.in}`,
    times === 1 && says(answer.value, /may have had effects|terminated/));
  const next = await call(client, 'echo', { text: 'on' });
  sheet.row('the call after that', 'served', got(next), textOf(next) === 'on');
}

/** Nobody can connect for a while, and nothing is forgotten: what was first asked for meanwhile is not lost. */
async function unreachable(ground, sheet) {
  const { upstream } = ground;
  const [key] = await ground.keys(1);
  const client = await ground.client('26', { key });
  await call(client, 'echo');
  await upstream.vanish({ forget: false });
  const meanwhile = await logged(client, 'meanwhile');
  sheet.row('first log level while it cannot be reached', 'unavailable', got(meanwhile), says(meanwhile, /unavailable/));
  await upstream.listen();
  const again = await logged(client, 'reached');
  sheet.row('log level, when it can be again', 'a log message', heard(again, 'reached') ? 'one' : `none; ${got(again)}`, heard(again, 'reached'));
}

/** Callers who were not there before keep coming while it is away. */
async function newcomers(ground, sheet) {
  const { upstream } = ground;
  const clients = await Promise.all((await ground.keys(4)).map(key => ground.client('26', { key })));
  await upstream.vanish();
  const from = performance.now();
  const refused = [];
  while (performance.now() - from < 2 * AWAY_MS) for (const client of clients) refused.push(await timed(call(client, 'echo')));
  const slowest = Math.max(...refused.map(each => each.took));
  sheet.row(`${refused.length} calls of ${clients.length} newcomers while it is away`, 'unavailable, told soon', `${got(refused.at(-1).value)}, ${Math.round(slowest)} ms at most`,
    refused.every(({ value }) => says(value, /unavailable/)) && slowest < QUICK_MS);
  await upstream.listen();
  const served = await timed(until(async () => (await Promise.all(clients.map(client => call(client, 'echo', { text: 'in' })))).every(answer => textOf(answer) === 'in'), 20_000, 100));
  sheet.row('newcomers when it is back', `served within ${2 * AWAY_MS / 1_000} s`, served.value ? `served ${served.in}` : `not served ${served.in}`, served.value && served.took < 2 * AWAY_MS);
}

const restarts = era => ({
  name: `restart, ${era} server`,
  run: sheet =>
    before(era, sheet, { prepare: tools }, async ground => {
      await eachClient(ground, sheet, client => awayAndBack(ground, sheet, client));
      await newcomers(ground, sheet);
      await unreachable(ground, sheet);
      if (era === 'legacy') {
        await eachClient(ground, sheet, client => forgotten(ground, sheet, client));
        await eachClient(ground, sheet, client => forgottenInMidCall(ground, sheet, client));
      }
    }),
});

export const groups = ERAS.map(restarts);

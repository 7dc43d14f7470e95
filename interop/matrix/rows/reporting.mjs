// What a call says while it runs, and how it ends early (2.1 rows 8, 10 to 12; PR, CN, FE-16, FE-17, LH-16, LH-17, LH-20).
import { sleep } from '../../process.mjs';
import { textOf } from '../cell.mjs';
import { absent, inexpressible, lost, oneOf, that, whole } from '../verdict.mjs';
import { ada, form } from '../questions.mjs';

const STEPS = [1, 2, 3].map(progress => ({ progress: { progress, total: 3, message: `step ${progress} of 3` } }));
const progressOf = messages => messages.filter(({ method }) => method === 'notifications/progress').map(({ params }) => params);
const logsOf = messages => messages.filter(({ method }) => method === 'notifications/message').map(({ params }) => params);
const done = { result: { content: [{ type: 'text', text: 'done' }] } };

/** The token an upstream was given with the call of this row. */
const tokenAt = cell => cell.calls()[0].message.params._meta?.progressToken;

const withToken = (name, token) => ({
  name,
  due: () => whole({ client: STEPS.map(({ progress }) => ({ progressToken: token, ...progress })), upstream: oneOf('string', 'number') }),
  async see(cell) {
    const { notifications } = await cell.play([...STEPS, done], { token });
    return { client: progressOf(notifications), upstream: typeof tokenAt(cell) };
  },
});

const LEVEL = 'io.modelcontextprotocol/logLevel';
const LOGS = ['debug', 'info', 'error'].map(level => ({ log: { level, data: { said: level } } }));
const heard = levels => levels.map(level => ({ level, logger: 'matrix', data: { said: level } }));

/** How an upstream learned of a level. */
function levelAt(cell) {
  if (cell.era === 'modern') return cell.calls().at(-1).message.params._meta[LEVEL];
  return cell.requests('logging/setLevel').at(-1)?.message.params.level;
}

/** A call with log messages at a level, by whatever way the client's version has to say so. */
async function logged(cell, client, level) {
  if (!cell.modern && level !== undefined) await client.ask('logging/setLevel', { level });
  const { notifications } = await cell.play([...LOGS, done], { client, ...(cell.modern ? { level } : {}) });
  return logsOf(notifications);
}

/** A call that holds, once the upstream has it. An answer's head may be long in coming, so what is awaited is the upstream. */
async function held(cell, client) {
  const pending = cell.begin([{ hold: cell.mark }, done], { client, id: cell.mark });
  pending.catch(() => undefined);
  const traffic = client.traffic.at(-1);
  if ((await cell.noted('holds')) === undefined) throw new Error('the upstream never got the call');
  return { pending, traffic, leave: () => traffic.leave() };
}

const BY = ({ era, transport }) => (era === 'modern' && transport === 'http' ? 'the stream was closed' : 'notifications/cancelled');

export default [
  {
    name: "a vendor's notification in mid-call",
    refs: '2.1 row 6; SH-09',
    due: ({ modern, era }) =>
      (era === 'modern') === modern
        ? whole({ client: { heard: 1, text: 'done' }, upstream: 1 })
        : lost('the notification', { client: { heard: oneOf(0, 1), text: 'done' }, upstream: 1 }),
    async see(cell) {
      const { notifications, result } = await cell.play([{ notify: { method: 'notifications/com.example/news', params: { a: 1 } } }, done]);
      return {
        client: { heard: notifications.filter(({ params }) => params?.a === 1).length, text: textOf(result) },
        upstream: cell.calls().length,
      };
    },
  },
  {
    name: 'progress',
    refs: '2.1 row 12; PR-01 to PR-03',
    parts: [
      withToken('a text as token', 'token ü'),
      withToken('a number as token', 7),
      withToken('an empty text as token', ''),
      ...['prompt', 'resource'].map(by => ({
        name: `of a ${by}`,
        due: () => whole({ client: STEPS.map(({ progress }) => ({ progressToken: by, ...progress })), upstream: 1 }),
        async see(cell) {
          const { notifications } = await cell.play(STEPS, { token: by, by });
          return { client: progressOf(notifications), upstream: cell.calls().length };
        },
      })),
      {
        name: 'no token',
        due: () => whole({ client: [], upstream: absent }),
        async see(cell) {
          const { notifications } = await cell.play([...STEPS, done]);
          return { client: progressOf(notifications), upstream: tokenAt(cell) };
        },
      },
      {
        name: 'going backwards',
        due: () => whole({ client: [1, 3, 4], upstream: 1 }),
        async see(cell) {
          const { notifications } = await cell.play([...[1, 3, 2, 3, 4].map(progress => ({ progress: { progress } })), done], {
            token: 'back',
          });
          return { client: progressOf(notifications).map(({ progress }) => progress), upstream: cell.calls().length };
        },
      },
      {
        name: 'after a question',
        due: ({ modern }) => whole({ client: [{ progressToken: modern ? 'round 1' : 'round 0', progress: 5 }], upstream: { name: ada } }),
        async see(cell) {
          const { rounds } = await cell.play(
            [{ ask: { questions: { name: form('Who are you?') }, state: 's' } }, { progress: { progress: 5 } }, done],
            { token: round => `round ${round}`, answer: () => ada },
          );
          return { client: progressOf(rounds.at(-1).messages), upstream: cell.answers() };
        },
      },
    ],
  },
  {
    name: 'logging',
    refs: '2.1 row 8; FE-16, FE-17, LH-20, T48',
    parts: [
      {
        name: 'from a level on',
        due: () =>
          whole({
            client: { info: heard(['info', 'error']), error: heard(['error']) },
            upstream: { info: oneOf('info', 'debug'), error: oneOf('error', 'info', 'debug', undefined) },
          }),
        async see(cell) {
          const client = await cell.newClient();
          const info = await logged(cell, client, 'info');
          const first = levelAt(cell);
          const from = cell.requests('logging/setLevel').length;
          const error = await logged(cell, client, 'error');
          const second = cell.era === 'modern' ? levelAt(cell) : cell.requests('logging/setLevel').slice(from).at(-1)?.message.params.level;
          // A legacy upstream that was told a more verbose level by an earlier row is not told again.
          return { client: { info, error }, upstream: { info: first ?? 'info', error: second } };
        },
      },
      {
        name: 'two sessions, two levels',
        due: ({ modern }) =>
          modern
            ? inexpressible('each request has its own level')
            : whole({ client: { quiet: heard(['error']), loud: heard(['debug', 'info', 'error']) }, upstream: oneOf('debug', 'error') }),
        async see(cell) {
          const [quiet, loud] = [await cell.newClient(), await cell.newClient()];
          await logged(cell, quiet, 'error');
          const all = await logged(cell, loud, 'debug');
          const { notifications } = await cell.play([...LOGS, done], { client: quiet });
          return { client: { quiet: logsOf(notifications), loud: all }, upstream: levelAt(cell) ?? 'debug' };
        },
      },
      {
        name: 'no level',
        due: ({ era, modern }) =>
          modern
            ? whole({ client: [], upstream: absent })
            : era === 'legacy'
              ? inexpressible('what a legacy server logs before it was told a level is its own choice')
              : whole({ client: [], upstream: absent }),
        async see(cell) {
          return {
            client: await logged(cell, await cell.newClient(), undefined),
            upstream: cell.era === 'modern' ? levelAt(cell) : cell.requests('logging/setLevel')[0],
          };
        },
      },
      {
        name: 'no such level',
        due: ({ modern }) => whole({ client: -32602, upstream: modern ? 0 : absent }),
        async see(cell) {
          const client = await cell.newClient();
          const { error } = cell.modern
            ? await cell.play([...LOGS, done], { client, level: 'loud' })
            : await client.ask('logging/setLevel', { level: 'loud' });
          return {
            client: error?.code,
            upstream: cell.modern
              ? cell.calls().length
              : cell.requests('logging/setLevel').find(({ message }) => message.params.level === 'loud')?.text,
          };
        },
      },
    ],
  },
  {
    name: 'cancellation',
    refs: '2.1 row 11; CN-01 to CN-03, CH-13, CL-07, SH-16, CS-09',
    parts: [
      {
        name: 'by the client',
        due: cell => whole({ client: { answers: 0 }, upstream: BY(cell) }),
        async see(cell) {
          const client = await cell.client();
          const call = await held(cell, client);
          if (cell.modern) call.leave();
          else await client.notify('notifications/cancelled', { requestId: cell.mark, reason: 'enough' });
          const note = await cell.noted('cancelled');
          await cell.quiet();
          const answers = call.traffic.messages.filter(message => message.method === undefined).length;
          if (note === undefined) cell.release(cell.mark);
          call.leave();
          await call.pending.catch(() => undefined);
          return { client: { answers }, upstream: note?.by };
        },
      },
      {
        name: 'by the client, once it has heard something',
        due: cell => whole({ client: { answers: 0 }, upstream: BY(cell) }),
        async see(cell) {
          const client = await cell.client();
          const traffic = await cell.begin([{ progress: { progress: 1 } }, { hold: cell.mark }, done], { client, token: 't' });
          await traffic.until(({ method }) => method === 'notifications/progress');
          if (cell.modern) traffic.leave();
          else await client.notify('notifications/cancelled', { requestId: traffic.id });
          const note = await cell.noted('cancelled');
          await cell.quiet();
          if (note === undefined) cell.release(cell.mark);
          return { client: { answers: traffic.messages.filter(message => message.method === undefined).length }, upstream: note?.by };
        },
      },
      {
        name: 'of somebody else’s or no request',
        due: ({ modern }) =>
          modern ? inexpressible('a modern client cancels by leaving') : whole({ client: { status: 202, text: 'done' }, upstream: absent }),
        async see(cell) {
          const client = await cell.client();
          const call = await held(cell, client);
          const { status } = await client.notify('notifications/cancelled', { requestId: 'none of mine' });
          await cell.quiet();
          cell.release(cell.mark);
          const traffic = await call.pending;
          await traffic.ended;
          return { client: { status, text: textOf(traffic.messages.at(-1)?.result) }, upstream: cell.notes('cancelled')[0]?.by };
        },
      },
    ],
  },
  {
    name: 'a client that leaves, and comes back',
    refs: '2.1 row 10; LH-16, LH-17, T20, T21',
    parts: [
      {
        name: 'leaving does not cancel',
        due: ({ modern }) =>
          modern ? inexpressible('a modern client cancels by leaving') : whole({ client: { left: true }, upstream: absent }),
        async see(cell) {
          const client = await cell.client();
          const call = await held(cell, client);
          call.leave();
          await sleep(600);
          const cancelled = cell.notes('cancelled')[0]?.by;
          cell.release(cell.mark);
          return { client: { left: true }, upstream: cancelled };
        },
      },
      {
        name: 'the answer waits',
        due: ({ modern }) =>
          modern ? inexpressible('the modern era has no resumption') : whole({ client: { text: 'done', status: 200 }, upstream: 1 }),
        async see(cell) {
          const client = await cell.client();
          const traffic = await cell.begin([{ progress: { progress: 1 } }, { hold: cell.mark }, done], { client, token: 'resume' });
          const { id } = traffic;
          await traffic.until(({ method }) => method === 'notifications/progress');
          const last = traffic.events.findLast(event => event.id !== undefined)?.id;
          traffic.leave();
          await sleep(100);
          cell.release(cell.mark);
          const again = await client.http('GET', { ...client.sessionHeaders(), 'Last-Event-ID': last ?? 'none' }, undefined, {
            stream: 'resumed',
          });
          const answer = await again.until(message => message.id === id, 3_000);
          again.leave();
          return { client: { text: textOf(answer?.result), status: again.status }, upstream: cell.calls().length };
        },
      },
      {
        name: 'the first event',
        // Only the newest legacy version may be primed with an event without data; the older choke on it.
        due: ({ version }) =>
          whole({
            client: version === '11' ? { empty: 1, id: true } : { empty: 0, id: that('either', value => typeof value === 'boolean') },
          }),
        async see(cell) {
          const client = await cell.client();
          const traffic = await cell.begin([{ progress: { progress: 1 } }, done], { client, token: 'prime' });
          await traffic.ended;
          const [first] = traffic.events;
          return { client: { empty: traffic.events.filter(event => event.empty).length, id: first?.id !== undefined } };
        },
      },
    ],
  },
];

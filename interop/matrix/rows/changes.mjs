// What a client hears between its calls (2.1 rows 6 and 7; 2.5; SB-01 to SB-04, SB-09, SH-12).
import { sleep } from '../../process.mjs';
import { absent, inexpressible, oneOf, that, whole } from '../verdict.mjs';

const ID = 'io.modelcontextprotocol/subscriptionId';
const LISTS = ['tools', 'prompts', 'resources'];
const changed = list => `notifications/${list}/list_changed`;
const HEARD_WITHIN_MS = 3_000;

/** A client of its own that listens, to everything or to some lists. */
async function listener(cell, filter, id) {
  const client = await cell.newClient();
  const stream = await client.listen(filter, { id });
  // What a listen of ours became upstream is up a moment later.
  await sleep(300);
  return { client, stream, has: async method => (await stream.until(message => message.method === method, HEARD_WITHIN_MS)) !== undefined };
}

const trigger = (cell, client, step) => cell.play([step], { client });

/** What came on a stream, acknowledgements apart, with the tags of a subscription. */
const news = ({ messages }) => messages.filter(({ method }) => method !== 'notifications/subscriptions/acknowledged');
const tagsOf = stream => [...new Set(stream.messages.map(({ params }) => params?._meta?.[ID]))];

/** The URIs an upstream was asked to watch since the row began. */
function watched(cell) {
  if (cell.era === 'legacy') return cell.requests('resources/subscribe').map(({ message }) => message.params.uri);
  return cell.requests('subscriptions/listen').flatMap(({ message }) => message.params.notifications.resourceSubscriptions ?? []);
}

/** Whether watching has ended there: unsubscribed, or the listen that watched was given up. */
async function unwatched(cell, uri) {
  if (cell.era === 'legacy')
    return (await cell.until(message => message.method === 'resources/unsubscribe' && message.params.uri === uri, 3_000)) !== undefined;
  const listens = cell
    .requests('subscriptions/listen')
    .filter(({ message }) => message.params.notifications.resourceSubscriptions?.includes(uri))
    .map(({ message }) => message.id);
  const note = await cell.upstream.record.until(
    (entry, index) => index >= cell.from && entry.what === 'cancelled' && listens.includes(entry.id),
    3_000,
  );
  return note !== undefined;
}

/** Waits until an upstream that hung up is listened to again. */
async function listenedToAgain(cell, from) {
  const what = cell.era === 'legacy' ? entry => entry.what === 'stream' : entry => entry.message?.method === 'subscriptions/listen';
  return (await cell.upstream.record.until((entry, index) => index >= from && what(entry), 5_000)) !== undefined;
}

export default [
  {
    name: 'changes of the lists',
    refs: '2.1 row 6; SB-01 to SB-03, SB-08, LH-14',
    parts: [
      ...LISTS.map((list, index) => ({
        name: list,
        due: ({ modern }) =>
          whole({
            client: {
              heard: true,
              others: 0,
              tags: modern ? [index] : [undefined],
              first: modern ? 'notifications/subscriptions/acknowledged' : changed(list),
              acknowledged: modern ? { [`${list}ListChanged`]: true } : absent,
            },
          }),
        async see(cell) {
          const { client, stream, has } = await listener(cell, { [`${list}ListChanged`]: true }, index);
          await trigger(cell, client, { changed: list });
          const heard = await has(changed(list));
          return {
            client: {
              heard,
              others: news(stream).filter(({ method }) => method !== changed(list)).length,
              tags: tagsOf(stream),
              first: stream.messages[0]?.method,
              acknowledged: stream.messages[0]?.params?.notifications,
            },
          };
        },
      })),
      {
        name: 'not asked for',
        due: ({ modern }) => (modern ? whole({ client: [] }) : inexpressible('a legacy client hears of all lists')),
        async see(cell) {
          const { client, stream } = await listener(cell, { toolsListChanged: true }, 'one list');
          await trigger(cell, client, { changed: 'prompts' });
          await sleep(600);
          return { client: news(stream).map(({ method }) => method) };
        },
      },
      {
        name: 'progress and logs stay with their calls',
        due: () => whole({ client: { listening: [], call: 2 } }),
        async see(cell) {
          const { client, stream } = await listener(cell, { toolsListChanged: true }, 'calls');
          if (!cell.modern) await client.ask('logging/setLevel', { level: 'info' });
          const { notifications } = await cell.play([{ progress: { progress: 1 } }, { log: { level: 'info', data: 'd' } }], {
            client,
            token: 't',
            ...(cell.modern ? { level: 'info' } : {}),
          });
          await cell.quiet();
          return { client: { listening: news(stream).map(({ method }) => method), call: notifications.length } };
        },
      },
    ],
  },
  {
    name: 'subscriptions that the server ends',
    refs: '2.5; SB-06, CH-28, T01',
    parts: [
      {
        name: 'with a result',
        due: ({ era, modern }) =>
          era === 'legacy'
            ? inexpressible('a legacy server has nothing to end')
            : whole({ client: modern ? { last: { type: 'complete', tag: 'ends' }, over: true } : { heard: true }, upstream: absent }),
        async see(cell) {
          const { client, stream, has } = await listener(cell, { toolsListChanged: true }, 'ends');
          const from = cell.upstream.record.read().length;
          await trigger(cell, client, { endListens: 'result' });
          if (cell.modern) {
            await stream.until(message => message.id === 'ends');
            await cell.quiet();
            const { result } = stream.messages.at(-1);
            return { client: { last: { type: result?.resultType, tag: result?._meta?.[ID] }, over: stream.over === true } };
          }
          // A legacy client has no word for it, and goes on hearing.
          await listenedToAgain(cell, from);
          await sleep(200);
          await trigger(cell, client, { changed: 'tools' });
          return { client: { heard: await has(changed('tools')) } };
        },
      },
      {
        name: 'without a word',
        due: ({ transport }) =>
          transport === 'stdio'
            ? inexpressible('a pipe breaks with its server')
            : whole({ client: { missed: true, later: true, over: false }, upstream: true }),
        async see(cell) {
          const { client, stream, has } = await listener(cell, { toolsListChanged: true }, 'breaks');
          const from = cell.upstream.record.read().length;
          await trigger(cell, client, { endListens: 'breaks off' });
          const upstream = await listenedToAgain(cell, from);
          // What may have been missed meanwhile is told, though nothing changed.
          const missed = await has(changed('tools'));
          await sleep(200);
          const before = stream.messages.length;
          await trigger(cell, client, { changed: 'tools' });
          await sleep(800);
          return { client: { missed, later: stream.messages.length > before, over: stream.over === true }, upstream };
        },
      },
    ],
  },
  {
    name: 'subscribed resources',
    refs: '2.1 row 7; 2.5; SB-04, SB-09',
    parts: [
      {
        name: 'updated',
        due: ({ modern }) =>
          whole({
            client: { accepted: modern ? ['matrix:one'] : {}, heard: 'matrix:one', tags: modern ? ['watch'] : [undefined], other: 0 },
            upstream: that('matrix:one', uris => uris.includes('matrix:one')),
          }),
        async see(cell) {
          const { client, stream, has } = await listener(cell, { resourceSubscriptions: ['matrix:one'] }, 'watch');
          const accepted = cell.modern
            ? stream.messages[0]?.params.notifications?.resourceSubscriptions
            : (await client.ask('resources/subscribe', { uri: 'matrix:one' })).result;
          await trigger(cell, client, { updated: 'matrix:two' });
          await trigger(cell, client, { updated: 'matrix:one' });
          await has('notifications/resources/updated');
          await cell.quiet();
          const uris = news(stream).map(({ params }) => params?.uri);
          return {
            client: {
              accepted,
              heard: uris.find(uri => uri === 'matrix:one'),
              tags: tagsOf(stream),
              other: uris.filter(uri => uri !== 'matrix:one').length,
            },
            upstream: watched(cell),
          };
        },
      },
      {
        name: 'no such resource',
        due: ({ modern }) =>
          whole({ client: modern ? [] : oneOf(-32602, -32002), upstream: that('asked', uris => uris.includes('matrix:missing')) }),
        async see(cell) {
          const { client, stream } = await listener(cell, { resourceSubscriptions: ['matrix:missing'] }, 'missing');
          const answer = cell.modern
            ? (stream.messages[0]?.params.notifications?.resourceSubscriptions ?? [])
            : (await client.ask('resources/subscribe', { uri: 'matrix:missing' })).error?.code;
          return { client: answer, upstream: watched(cell) };
        },
      },
      {
        name: 'no more',
        due: () => whole({ client: { before: 1, after: 1 }, upstream: true }),
        async see(cell) {
          const { client, stream, has } = await listener(cell, { resourceSubscriptions: ['matrix:two'] }, 'end');
          if (!cell.modern) await client.ask('resources/subscribe', { uri: 'matrix:two' });
          await trigger(cell, client, { updated: 'matrix:two' });
          await has('notifications/resources/updated');
          const before = news(stream).length;
          if (cell.modern) stream.leave();
          else await client.ask('resources/unsubscribe', { uri: 'matrix:two' });
          const upstream = await unwatched(cell, 'matrix:two');
          await trigger(cell, client, { updated: 'matrix:two' });
          await cell.quiet();
          return { client: { before, after: news(stream).length }, upstream };
        },
      },
    ],
  },
];

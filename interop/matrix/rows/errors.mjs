// Errors, code by code (2.1.1; JR-10 to JR-15, FE-09, FE-11, CH-17, LH-25, SH-18, SH-21).
import { textOf } from '../cell.mjs';
import { absent, inexpressible, lost, refused, that, whole } from '../verdict.mjs';

const DATA = { detail: { a: [1, null] } };
const INTERNALS = /Exception|\tat |dev\.sallyport\.|java\.|io\.(?:netty|vertx)|ECONN|127\.0\.0\.1/;

/** What a client is told of an error that a tool's server answers with. */
const told = ({ status, error, result }) => ({
  status,
  code: error?.code ?? (result?.isError ? 'isError' : 'a result'),
  message: error?.message,
  data: error?.data,
});

const passes = code => ({ status: 200, code, message: 'as the server says', data: DATA });
const inside = code => ({
  status: 200,
  code: -32603,
  message: that('a message', value => typeof value === 'string'),
  data: that(`the original ${code}`, data => JSON.stringify(data ?? null).includes(String(code))),
});
const either = (...some) => that('one of both', value => some.some(each => each(value)));
const like = expected => value =>
  Object.entries(expected).every(([member, due]) =>
    typeof due === 'function' ? due(value[member]) : JSON.stringify(due) === JSON.stringify(value[member]),
  );

const code = (number, dueFor) => ({
  name: String(number),
  due: cell => dueFor(cell),
  async see(cell) {
    const outcome = await cell.play([{ error: { code: number, message: 'as the server says', data: DATA } }]);
    return { client: told(outcome), upstream: cell.calls().length };
  },
});

/** Codes of other implementations: nothing of ours may be one to a modern client. */
const wrapped = number =>
  code(number, ({ modern }) =>
    modern ? lost('the code, -32603 for it', { client: inside(number), upstream: 1 }) : whole({ client: passes(number), upstream: 1 }),
  );

/** Codes that nobody may send: to a legacy client either way will do. */
const undefinedCode = number =>
  code(number, ({ modern }) =>
    modern
      ? lost('the code, -32603 for it', { client: inside(number), upstream: 1 })
      : whole({ client: either(like(passes(number)), like({ code: -32603 })), upstream: 1 }),
  );

/** What stands between us and a modern server, which is not the client's to know. */
const ours = (number, calls) =>
  code(number, ({ era, modern }) =>
    era === 'modern'
      ? refused('error -32603', {
          client: {
            status: 200,
            code: -32603,
            message: that('a message', value => typeof value === 'string'),
            data: that('anything', () => true),
          },
          upstream: calls,
        })
      : modern
        ? lost('the code, -32603 for it', { client: inside(number), upstream: 1 })
        : whole({ client: either(like(passes(number)), like({ code: -32603 })), upstream: 1 }),
  );

export default [
  {
    name: 'errors that are nobody’s between',
    refs: '2.1.1; JR-15',
    parts: [
      ...[4711, -1, -40_000, -32602, -32603].map(number => code(number, () => whole({ client: passes(number), upstream: 1 }))),
      {
        name: 'after a notification',
        // The status is out by then, so the error is the stream's last event (SH-21).
        due: () => whole({ client: { status: 200, code: 4711, progress: 1 }, upstream: 1 }),
        async see(cell) {
          const { status, error, notifications } = await cell.play(
            [{ progress: { progress: 1 } }, { error: { code: 4711, message: 'late' } }],
            { token: 't' },
          );
          return { client: { status, code: error?.code, progress: notifications.length }, upstream: cell.calls().length };
        },
      },
    ],
  },
  { name: 'errors -32000 to -32019', refs: '2.1.1; JR-12', parts: [wrapped(-32000), wrapped(-32019)] },
  { name: 'errors -32023 to -32099', refs: '2.1.1; JR-10', parts: [undefinedCode(-32050), undefinedCode(-32099)] },
  {
    name: 'error -32022',
    refs: '2.1.1; CH-15',
    parts: [
      ours(
        -32022,
        that('one or two', count => count === 1 || count === 2),
      ),
    ],
  },
  {
    name: 'a resource that is missing',
    refs: '2.1.1; FE-11, LH-25, CH-17',
    parts: [
      {
        name: 'read',
        due: ({ modern }) => whole({ client: { status: 200, code: modern ? -32602 : -32002, uri: 'matrix:nowhere' }, upstream: 1 }),
        async see(cell) {
          const { status, error } = await (await cell.client()).ask('resources/read', { uri: 'matrix:nowhere' });
          return { client: { status, code: error?.code, uri: error?.data?.uri }, upstream: cell.requests('resources/read').length };
        },
      },
      {
        name: '-32002 of an older modern server',
        due: ({ era, modern }) =>
          era === 'legacy'
            ? inexpressible('it is the right code there')
            : whole({
                client: { code: modern ? -32602 : -32002, uri: that('the URI', value => value?.startsWith('matrix:script/')) },
                upstream: 1,
              }),
        async see(cell) {
          const [, params] = cell.script([], { by: 'resource' });
          const { error } = await cell.play([{ error: { code: -32002, message: 'Resource not found', data: { uri: params.uri } } }], {
            by: 'resource',
          });
          return { client: { code: error?.code, uri: error?.data?.uri }, upstream: cell.calls().length };
        },
      },
      {
        name: '-32602 that names no resource',
        due: () => whole({ client: { code: -32602, uri: absent }, upstream: 1 }),
        async see(cell) {
          const { error } = await cell.play([{ error: { code: -32602, message: 'Bad parameters' } }], { by: 'resource' });
          return { client: { code: error?.code, uri: error?.data?.uri }, upstream: cell.calls().length };
        },
      },
    ],
  },
  {
    name: 'names that do not exist',
    refs: 'JR-13, FE-09, FE-13, SH-18, VN-17',
    parts: [
      {
        name: 'method',
        due: ({ modern }) => whole({ client: { status: modern ? 404 : 200, code: -32601 } }),
        async see(cell) {
          const { status, error } = await (await cell.client()).ask('com.example/none', {});
          return { client: { status, code: error?.code } };
        },
      },
      ...[
        ['tool', 'tools/call', { name: 'nobody', arguments: {} }],
        ['prompt', 'prompts/get', { name: 'nobody' }],
      ].map(([name, method, params]) => ({
        name,
        due: () => whole({ client: { status: 200, code: -32602 } }),
        async see(cell) {
          const { status, error } = await (await cell.client()).ask(method, params);
          return { client: { status, code: error?.code } };
        },
      })),
      {
        name: 'methods of the other era',
        due: ({ modern }) =>
          whole({ client: modern ? [404, 404, 404, 404, 404].map(status => [status, -32601]) : [[-32601], [-32601]], upstream: 0 }),
        async see(cell) {
          const client = await cell.client();
          const seen = [];
          const others = cell.modern
            ? ['initialize', 'ping', 'logging/setLevel', 'resources/subscribe', 'resources/unsubscribe']
            : ['server/discover', 'subscriptions/listen'];
          for (const method of others) {
            const { status, error } = await client.ask(
              method,
              method.startsWith('resources') ? { uri: 'matrix:one' } : method === 'logging/setLevel' ? { level: 'info' } : {},
            );
            seen.push(cell.modern ? [status, error?.code] : [error?.code]);
          }
          return {
            client: seen,
            upstream: cell.received(
              ({ message }) => others.includes(message.method) && message.id !== undefined && message.params?.level !== undefined,
            ).length,
          };
        },
      },
    ],
  },
  {
    name: 'an upstream that ends in mid-call',
    refs: '2.1.1; 3.6',
    parts: [
      {
        name: 'the call',
        due: () => whole({ client: { status: 200, failed: true, internals: false }, upstream: 1 }),
        async see(cell) {
          const { status, error, result, texts } = await cell.play([{ progress: { progress: 1 } }, { die: true }], {
            profile: 'none',
            token: 't',
          });
          return {
            client: { status, failed: error?.code === -32603 || result?.isError === true, internals: INTERNALS.test(texts) },
            upstream: cell.calls().length,
          };
        },
      },
      {
        name: 'the next call',
        due: () => whole({ client: '{}' }),
        async see(cell) {
          const { result, error, status } = await cell.play([], { profile: 'none' });
          return { client: textOf(result) ?? `${status} ${error?.code}` };
        },
      },
    ],
  },
  {
    name: 'batches',
    refs: '2.1 row 22; LH-18, SH-06',
    due: () => refused('error -32600', { client: { status: 400, code: -32600 }, upstream: 0 }),
    async see(cell) {
      const client = await cell.client();
      const [method, params] = cell.script([]);
      const traffic = await client.post([{ jsonrpc: '2.0', id: 'in a batch', method, params }], {
        headers: cell.modern ? { 'MCP-Protocol-Version': '2026-07-28', 'Mcp-Method': method, 'Mcp-Name': 'script' } : {},
        stream: ['batch'],
      });
      await traffic.ended;
      return { client: { status: traffic.status, code: traffic.messages[0]?.error?.code }, upstream: cell.calls().length };
    },
  },
];

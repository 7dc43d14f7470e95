// Tasks: relayed between modern ends, held for clients that take none, and never promised otherwise (2.1 row 17; 2.6; TK).
import { textOf } from '../cell.mjs';
import { absent, inexpressible, lost, that, whole } from '../verdict.mjs';
import { ada, form } from '../questions.mjs';

const TASKS = 'io.modelcontextprotocol/tasks';
const RESULT = { content: [{ type: 'text', text: 'the end of the task' }] };
const oldTasks = 'tasks of 2025-11-25 are not those of the extension';

const methodsOf = cell => cell.calls().map(({ message }) => message.method);

/** A task of a client that takes tasks, as it was told of it. */
async function created(cell, value = { result: RESULT }) {
  const client = await cell.client('tasks');
  const { result } = await cell.play([{ task: value }], { client });
  return { client, result, taskId: result?.taskId };
}

/** Its end, asked for as a client does. */
async function ended(client, taskId) {
  for (let poll = 0; poll < 20; poll++) {
    const { result, error } = await client.ask('tasks/get', { taskId });
    if (error || result.status !== 'working') return { ...result, code: error?.code };
  }
  return { status: 'still working' };
}

const relayed =
  seen =>
  ({ era, modern }) =>
    era === 'legacy' ? inexpressible(oldTasks) : modern ? whole(seen) : inexpressible('a legacy client has no word for the extension');

export default [
  {
    name: 'tasks: offered',
    refs: '2.1 row 17; TK-01, T57',
    parts: [
      {
        name: 'by the server',
        due: ({ era, modern }) => whole({ client: { extension: era === 'modern' && modern, legacy: false } }),
        async see(cell) {
          const client = await cell.newClient('none');
          const { capabilities } = cell.modern ? (await client.ask('server/discover')).result : client.opened.result;
          return { client: { extension: TASKS in (capabilities.extensions ?? {}), legacy: 'tasks' in capabilities } };
        },
      },
      {
        name: 'a tool that works as a task only',
        // Hidden, or carried out for the client (T52).
        due: ({ era }) =>
          era === 'legacy' ? whole({ client: false }) : inexpressible('in the modern era the server decides for each call'),
        async see(cell) {
          const client = await cell.client();
          const first = (await client.ask('tools/list')).result;
          const second = (await client.ask('tools/list', { cursor: first.nextCursor })).result;
          return { client: [...first.tools, ...second.tools].some(tool => tool.execution?.taskSupport === 'required') };
        },
      },
      {
        name: 'a stray parameter of the older tasks',
        due: () => whole({ client: '{}', upstream: absent }),
        async see(cell) {
          const [method, params] = cell.script([]);
          const { result, error } = await (await cell.client()).ask(method, { ...params, task: { ttl: 60_000 } });
          return {
            client: textOf(result) ?? error?.code,
            upstream: cell.era === 'legacy' ? cell.calls()[0]?.message.params.task : undefined,
          };
        },
      },
      {
        name: 'a task nobody asked for',
        due: ({ era }) =>
          era === 'modern'
            ? whole({ client: -32603, upstream: 1 })
            : inexpressible('a legacy server makes a task only when it is asked to'),
        async see(cell) {
          const { error } = await cell.play([
            {
              result: {
                resultType: 'task',
                taskId: 't',
                status: 'working',
                createdAt: '2026-01-01T00:00:00Z',
                lastUpdatedAt: '2026-01-01T00:00:00Z',
                ttlMs: null,
              },
            },
          ]);
          return { client: error?.code, upstream: cell.calls().length };
        },
      },
    ],
  },
  {
    name: 'tasks: relayed',
    refs: '2.6; TK-04 to TK-09, TK-12, HD-03',
    parts: [
      {
        name: 'to its end',
        due: relayed({
          client: { type: 'task', status: 'working', id: true, then: 'completed', text: 'the end of the task', same: true },
          upstream: that(
            'the call and polls',
            methods => methods[0] === 'tools/call' && methods.slice(1).every(method => method === 'tasks/get') && methods.length > 2,
          ),
        }),
        async see(cell) {
          const { client, result, taskId } = await created(cell);
          const end = await ended(client, taskId);
          return {
            client: {
              type: result?.resultType,
              status: result?.status,
              id: typeof taskId === 'string' && taskId !== `task-${cell.mark}`,
              then: end.status,
              text: textOf(end.result),
              same: end.taskId === taskId,
            },
            upstream: methodsOf(cell),
          };
        },
      },
      {
        name: 'with a question',
        due: relayed({ client: { asked: 'Who are you?', text: JSON.stringify({ name: ada }) }, upstream: 1 }),
        async see(cell) {
          const { client, taskId } = await created(cell, { polls: 0, questions: { name: form('Who are you?') }, result: RESULT });
          const { inputRequests } = await ended(client, taskId);
          await client.ask('tasks/update', { taskId, inputResponses: { name: ada } });
          const end = await ended(client, taskId);
          return {
            client: { asked: inputRequests?.name?.params.message, text: textOf(end.result) },
            upstream: methodsOf(cell).filter(method => method === 'tasks/update').length,
          };
        },
      },
      {
        name: 'cancelled',
        due: relayed({ client: { type: 'complete', then: 'cancelled' }, upstream: 1 }),
        async see(cell) {
          const { client, taskId } = await created(cell, { polls: 100, result: RESULT });
          const { result } = await client.ask('tasks/cancel', { taskId });
          return {
            client: { type: result?.resultType, then: (await ended(client, taskId)).status },
            upstream: cell.notes('task cancelled').length,
          };
        },
      },
      ...[
        ["another caller's", async (cell, taskId) => [await cell.client('tasks', 'other'), taskId]],
        ["the upstream's own id", async cell => [await cell.client('tasks'), `task-${cell.mark}`]],
        ['made up', async cell => [await cell.client('tasks'), 'nobody']],
      ].map(([name, change]) => ({
        name,
        due: relayed({ client: [-32602, -32602, -32602], upstream: 0 }),
        async see(cell) {
          const { taskId } = await created(cell, { polls: 100, result: RESULT });
          const [client, id] = await change(cell, taskId);
          const codes = [];
          for (const [method, more] of [
            ['tasks/get', {}],
            ['tasks/update', { inputResponses: {} }],
            ['tasks/cancel', {}],
          ])
            codes.push((await client.ask(method, { taskId: id, ...more })).error?.code);
          return { client: codes, upstream: methodsOf(cell).filter(method => method.startsWith('tasks/')).length };
        },
      })),
    ],
  },
  {
    name: 'tasks: held for clients that take none',
    refs: '2.6; TK-03, TK-10, T52',
    parts: [
      {
        name: 'to its end',
        due: ({ era }) =>
          era === 'legacy'
            ? inexpressible(oldTasks)
            : lost('the task; its call waits', { client: { text: 'the end of the task', type: true }, upstream: true }),
        async see(cell) {
          const { result, error } = await cell.play([{ task: { polls: 2, result: RESULT } }]);
          return {
            client: {
              text: textOf(result) ?? error?.code,
              type: cell.modern ? result?.resultType === 'complete' : !('resultType' in (result ?? {})),
            },
            upstream: methodsOf(cell).includes('tasks/get'),
          };
        },
      },
      {
        name: 'with a question',
        due: ({ era }) =>
          era === 'legacy'
            ? inexpressible(oldTasks)
            : whole({ client: { asked: ['Who are you?'], text: JSON.stringify({ name: ada }) }, upstream: { updates: 1, calls: 1 } }),
        async see(cell) {
          const { questions, result, error } = await cell.play(
            [{ task: { polls: 1, questions: { name: form('Who are you?') }, result: RESULT } }],
            { answer: () => ada },
          );
          const methods = methodsOf(cell);
          // One call was refused for want of tasks; the other is the one that the task is of.
          return {
            client: { asked: questions.map(({ params }) => params.message), text: textOf(result) ?? error?.code },
            upstream: {
              updates: methods.filter(method => method === 'tasks/update').length,
              calls: methods.filter(method => method === 'tools/call').length - 1,
            },
          };
        },
      },
      {
        name: 'cancelled with its call',
        due: ({ era }) => (era === 'legacy' ? inexpressible(oldTasks) : whole({ client: 0, upstream: 1 })),
        async see(cell) {
          const client = await cell.client();
          const pending = cell.begin([{ task: { polls: 1_000, result: RESULT } }], { client, id: cell.mark });
          pending.catch(() => undefined);
          const traffic = client.traffic.at(-1);
          await cell.until(message => message.method === 'tasks/get' && message.params.taskId === `task-${cell.mark}`);
          if (cell.modern) traffic.leave();
          else await client.notify('notifications/cancelled', { requestId: cell.mark });
          await cell.noted('task cancelled');
          await cell.quiet();
          traffic.leave();
          return {
            client: traffic.messages.filter(message => message.method === undefined).length,
            upstream: cell.notes('task cancelled').length,
          };
        },
      },
      {
        name: 'its methods',
        // Nothing of a task is for them (TK-10), and to a legacy client they are no methods at all.
        due: ({ era, modern }) =>
          era === 'legacy'
            ? inexpressible(oldTasks)
            : whole({ client: modern ? { status: 400, code: -32021 } : { status: 200, code: -32601 }, upstream: 0 }),
        async see(cell) {
          const { status, error } = await (await cell.client()).ask('tasks/get', { taskId: 'nobody' });
          return { client: { status, code: error?.code }, upstream: cell.requests('tasks/get').length };
        },
      },
    ],
  },
];

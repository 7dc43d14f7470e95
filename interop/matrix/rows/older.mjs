// A client of 2025-03-26, which knows less (2.1 rows 19, 21, 22, 23, 28; LH-18, VN-11, VN-14, T50).
import { VERSIONS } from '../client.mjs';
import { textOf } from '../cell.mjs';
import { absent, inexpressible, lost, refused, text, whole } from '../verdict.mjs';
import { form } from '../questions.mjs';

const batch = async (cell, messages) => {
  const client = await cell.client();
  const traffic = await client.post(messages, { stream: ['batch'] });
  await traffic.ended;
  return traffic;
};

export default [
  {
    name: 'handshake without a version header',
    refs: 'VN-09, VN-14',
    due: () => whole({ client: { version: VERSIONS['03'], text: '{}' }, upstream: 1 }),
    async see(cell) {
      const client = await cell.client();
      const { result } = await cell.play([], { client });
      return { client: { version: client.opened.result.protocolVersion, text: textOf(result) }, upstream: cell.calls().length };
    },
  },
  {
    name: 'batches',
    refs: '2.1 row 22; LH-18, T50',
    parts: [
      {
        name: 'requests and a notification',
        due: () => whole({ client: { status: 200, ids: ['b1', 'b2'], ping: {} }, upstream: [false] }),
        async see(cell) {
          const [method, params] = cell.script([]);
          const { status, messages } = await batch(cell, [
            { jsonrpc: '2.0', id: 'b1', method: 'ping' },
            { jsonrpc: '2.0', id: 'b2', method, params },
            { jsonrpc: '2.0', method: 'notifications/progress', params: { progressToken: 1, progress: 1 } },
          ]);
          return {
            client: { status, ids: messages.map(({ id }) => id).sort(), ping: messages.find(({ id }) => id === 'b1')?.result },
            upstream: cell.calls().map(({ message }) => Array.isArray(message)),
          };
        },
      },
      {
        name: 'with initialize',
        due: () => whole({ client: { status: 400, code: -32600 }, upstream: 0 }),
        async see(cell) {
          const [method, params] = cell.script([]);
          const { status, messages } = await batch(cell, [
            { jsonrpc: '2.0', id: 'b1', method: 'initialize', params: {} },
            { jsonrpc: '2.0', id: 'b2', method, params },
          ]);
          return { client: { status, code: messages[0]?.error?.code }, upstream: cell.calls().length };
        },
      },
    ],
  },
  {
    name: 'structuredContent and outputSchema',
    refs: '2.1 rows 19, 20',
    due: () => lost('structuredContent; its text stays', { client: { structured: absent, text: '{"value":1}', schemas: 0 }, upstream: 1 }),
    async see(cell) {
      const { result } = await cell.play([{ result: { content: [], structuredContent: { value: 1 } } }], { tool: 'object_out' });
      const client = await cell.client();
      const first = (await client.ask('tools/list')).result;
      const { tools } = (await client.ask('tools/list', { cursor: first.nextCursor })).result;
      return {
        client: {
          structured: result.structuredContent,
          text: textOf(result),
          schemas: [...first.tools, ...tools].filter(tool => 'outputSchema' in tool).length,
        },
        upstream: cell.calls().length,
      };
    },
  },
  {
    name: 'content: links, audio',
    refs: '2.1 row 21',
    due: () => lost('links become text', { client: { types: ['text', 'audio'], uri: true }, upstream: 1 }),
    async see(cell) {
      const { result } = await cell.play([
        {
          result: {
            content: [
              { type: 'resource_link', uri: 'matrix:one', name: 'link' },
              { type: 'audio', data: 'UklGRg==', mimeType: 'audio/wav' },
            ],
          },
        },
      ]);
      return {
        client: { types: result.content.map(({ type }) => type), uri: result.content[0].text?.includes('matrix:one') },
        upstream: cell.calls().length,
      };
    },
  },
  {
    name: 'elicitation',
    refs: '2.1 row 23; VN-11, T45',
    due: ({ era }) =>
      refused(
        'error: no elicitation',
        era === 'legacy'
          ? { client: { asked: 0, code: absent }, upstream: { error: -32601 } }
          : { client: { asked: 0, code: -32603 }, upstream: { error: absent } },
      ),
    async see(cell) {
      const { questions, error } = await cell.play([{ ask: { questions: { name: form('Who are you?') }, state: 's' } }]);
      return { client: { asked: questions.length, code: error?.code }, upstream: { error: cell.answers().name?.error?.code } };
    },
  },
  {
    name: 'sampling',
    refs: '2.1 row 25',
    due: () => whole({ client: 'Paris?', upstream: { role: 'assistant', content: { type: 'text', text: 'Yes.' }, model: 'm' } }),
    async see(cell) {
      const { questions } = await cell.play(
        [
          {
            ask: {
              questions: {
                model: {
                  method: 'sampling/createMessage',
                  params: { messages: [{ role: 'user', content: { type: 'text', text: 'Paris?' } }], maxTokens: 9 },
                },
              },
              state: 's',
            },
          },
        ],
        { answer: () => ({ role: 'assistant', content: { type: 'text', text: 'Yes.' }, model: 'm' }) },
      );
      return { client: questions[0]?.params.messages[0].content.text, upstream: cell.answers().model };
    },
  },
  {
    name: '-32042 of 2025-11-25',
    refs: '2.1.1',
    due: ({ era }) =>
      era === 'modern'
        ? inexpressible('a modern server asks instead')
        : refused('error: isError', { client: { isError: true, text }, upstream: 1 }),
    async see(cell) {
      const { result } = await cell.play([
        {
          error: {
            code: -32042,
            message: 'Sign in first',
            data: { elicitations: [{ mode: 'url', message: 'm', url: 'https://example.com/', elicitationId: 'e' }] },
          },
        },
      ]);
      return { client: { isError: result?.isError, text: textOf(result) }, upstream: cell.calls().length };
    },
  },
].map(row => ({ ...row, name: `2025-03-26: ${row.name}`, versions: ['03'] }));

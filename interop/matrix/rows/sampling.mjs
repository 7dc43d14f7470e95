// Sampling and roots (2.1 rows 4, 25, 26; 2.3.4).
import { textOf } from '../cell.mjs';
import { ask, asked, beyond, folders, roots, said, sampling } from '../questions.mjs';
import { absent, inexpressible, refused, text, whole } from '../verdict.mjs';

const TOOL = { name: 'weather', description: 'd', inputSchema: { type: 'object', properties: { city: { type: 'string' } } } };
const USED = {
  role: 'assistant',
  content: [{ type: 'tool_use', id: 'u1', name: 'weather', input: { city: 'Paris' } }],
  model: 'm',
  stopReason: 'toolUse',
};

const before11 = ({ version }) => version === '06';
export default [
  {
    name: 'sampling',
    refs: '2.1 rows 4, 25; MR-01, T42',
    parts: [
      {
        name: 'answered',
        due: () => whole({ client: { asked: [sampling()], text: JSON.stringify({ model: said }) }, upstream: { model: said } }),
        async see(cell) {
          const { questions, result } = await cell.play(ask({ model: sampling() }), { answer: () => said });
          return { client: { asked: asked(questions), text: textOf(result) }, upstream: cell.answers() };
        },
      },
      beyond('not declared', sampling(), { profile: 'form', code: -32601 }),
    ],
  },
  {
    name: 'sampling: refused by the client',
    refs: '2.1.1; 2.3.4; T23',
    due: ({ modern, era }) =>
      modern
        ? inexpressible('a modern client that refuses does not come again')
        : era === 'legacy'
          ? whole({
              client: { text: '{"model":{"error":{"code":-1,"message":"User rejected sampling request"}}}', code: absent },
              upstream: { calls: 1, error: { code: -1, message: 'User rejected sampling request' } },
            })
          : refused('error -32603', { client: { text: absent, code: -32603 }, upstream: { calls: 1, error: absent } }),
    async see(cell) {
      const { result, error } = await cell.play(ask({ model: sampling() }), {
        answer: () => ({ error: { code: -1, message: 'User rejected sampling request' } }),
      });
      await cell.settled();
      return {
        client: { text: textOf(result), code: error?.code },
        upstream: { calls: cell.calls().length, error: cell.answers().model?.error },
      };
    },
  },
  {
    name: 'sampling: with tools',
    refs: '2.1 row 25; CM-11',
    parts: [
      {
        name: 'declared',
        due: ({ version }) =>
          version === '06'
            ? inexpressible('2025-06-18 has no tools in sampling')
            : whole({ client: { tools: [TOOL], choice: { mode: 'auto' } }, upstream: USED }),
        async see(cell) {
          const { questions } = await cell.play(ask({ model: sampling({ tools: [TOOL], toolChoice: { mode: 'auto' } }) }), {
            answer: () => USED,
          });
          return { client: { tools: questions[0]?.params.tools, choice: questions[0]?.params.toolChoice }, upstream: cell.answers().model };
        },
      },
      beyond('not declared', sampling({ tools: [TOOL] }), { profile: 'full', code: -32602, only: before11, missing: () => 'no tools' }),
    ],
  },
  {
    name: 'sampling: several blocks in a message',
    refs: '2.1 row 25',
    parts: [
      {
        name: 'one block',
        due: ({ version }) =>
          whole({ client: version === '06' ? { type: 'text', text: 'one' } : [{ type: 'text', text: 'one' }], upstream: said }),
        async see(cell) {
          const { questions } = await cell.play(
            ask({ model: sampling({ messages: [{ role: 'user', content: [{ type: 'text', text: 'one' }] }] }) }),
            { answer: () => said },
          );
          return { client: questions[0]?.params.messages[0].content, upstream: cell.answers().model };
        },
      },
      {
        name: 'two blocks',
        due: ({ version, era }) =>
          version === '06'
            ? refused('error: one block only', {
                client: { asked: 0, failed: true },
                upstream: era === 'legacy' ? { error: text } : absent,
              })
            : whole({ client: { asked: 1, failed: false }, upstream: said }),
        async see(cell) {
          const { questions, error, result } = await cell.play(
            ask({
              model: sampling({
                messages: [
                  {
                    role: 'user',
                    content: [
                      { type: 'text', text: 'one' },
                      { type: 'text', text: 'two' },
                    ],
                  },
                ],
              }),
            }),
            { answer: () => said },
          );
          await cell.settled();
          const { model } = cell.answers();
          return {
            client: { asked: questions.length, failed: error !== undefined || result?.isError === true },
            upstream: model?.error ? { error: model.error.message } : model,
          };
        },
      },
    ],
  },
  {
    name: 'sampling: includeContext',
    refs: '2.1 row 25',
    due: ({ version }) => whole({ client: version === '06' ? 'not asked for' : 'thisServer', upstream: said }),
    async see(cell) {
      const { questions } = await cell.play(ask({ model: sampling({ includeContext: 'thisServer' }) }), { answer: () => said });
      return { client: questions[0]?.params.includeContext ?? 'not asked for', upstream: cell.answers().model };
    },
  },
  {
    name: 'roots',
    refs: '2.1 rows 4, 26',
    parts: [
      {
        name: 'answered',
        due: () => whole({ client: { asked: ['roots/list'], text: JSON.stringify({ folders }) }, upstream: { folders } }),
        async see(cell) {
          const { questions, result } = await cell.play(ask({ folders: roots }), { answer: () => folders });
          return { client: { asked: questions.map(({ method }) => method), text: textOf(result) }, upstream: cell.answers() };
        },
      },
      {
        name: 'refused by the client',
        due: ({ modern, era }) =>
          modern
            ? inexpressible('a modern client that refuses does not come again')
            : era === 'legacy'
              ? whole({ client: { code: absent }, upstream: { calls: 1, error: -32603 } })
              : refused('error for a refusal', { client: { code: -32603 }, upstream: { calls: 1, error: absent } }),
        async see(cell) {
          const { error } = await cell.play(ask({ folders: roots }), {
            answer: () => ({ error: { code: -32603, message: 'no folders today' } }),
          });
          await cell.settled();
          return { client: { code: error?.code }, upstream: { calls: cell.calls().length, error: cell.answers().folders?.error?.code } };
        },
      },
      beyond('not declared', roots, { profile: 'form', code: -32601 }),
      {
        name: 'asked for no request',
        due: ({ era }) =>
          era === 'modern' ? inexpressible('a modern server sends no requests') : whole({ client: { asked: 0 }, upstream: true }),
        async see(cell) {
          const client = await cell.client();
          const listening = cell.modern ? undefined : await (await cell.newClient()).listen();
          await cell.play([], { client });
          const { session } = cell.calls()[0];
          const fits = entry => entry.what === 'received' && entry.session === session && entry.message.id === 'roots-at-once';
          const answered = await cell.upstream.record.until(fits, 2_000);
          return {
            client: { asked: listening?.messages.filter(({ method }) => method === 'roots/list').length ?? 0 },
            upstream: answered !== undefined,
          };
        },
      },
    ],
  },
];

// The questions a server may ask, one kind after the other (2.1 rows 4, 23 to 26; 2.2, 2.3).
import { sleep } from '../../process.mjs';
import { textOf } from '../cell.mjs';
import { absent, inexpressible, oneOf, refused, text, that, whole } from '../verdict.mjs';

const NAME = { type: 'object', properties: { name: { type: 'string', title: 'Name', minLength: 1 } }, required: ['name'] };
export const form = (message, requestedSchema = NAME) => ({ method: 'elicitation/create', params: { mode: 'form', message, requestedSchema } });
const sampling = more => ({ method: 'sampling/createMessage', params: { messages: [{ role: 'user', content: { type: 'text', text: 'Paris?' } }], maxTokens: 20, ...more } });
const roots = { method: 'roots/list' };

/** The page a server wants opened; only legacy servers number theirs. */
const page = ({ era }) => ({ method: 'elicitation/create', params: { mode: 'url', message: 'Sign in there', url: 'https://example.com/sign-in?x=1', ...era === 'legacy' ? { elicitationId: 'e-1' } : {} } });

const ada = { action: 'accept', content: { name: 'Ada' } };
const said = { role: 'assistant', content: { type: 'text', text: 'Yes.' }, model: 'm', stopReason: 'endTurn' };
const folders = { roots: [{ uri: 'file:///home/ada', name: 'home' }] };

const TOOL = { name: 'weather', description: 'd', inputSchema: { type: 'object', properties: { city: { type: 'string' } } } };
const USED = { role: 'assistant', content: [{ type: 'tool_use', id: 'u1', name: 'weather', input: { city: 'Paris' } }], model: 'm', stopReason: 'toolUse' };

const ask = (questions, more = {}) => [{ ask: { questions, state: 'state 1', ...more } }];

/** What a client was asked, with the mode it is asked in. */
const asked = questions => questions.map(({ method, params }) => ({ method, params: method === 'elicitation/create' ? { mode: 'form', ...params } : params }));

/** A property of a form before 2025-11-25: enums with names, no defaults but for booleans. */
const ENUMS = {
  modern: { type: 'object', properties: {
    plain: { type: 'string', enum: ['a', 'b'], default: 'a' },
    titled: { type: 'string', oneOf: [{ const: 'a', title: 'Letter A' }, { const: 'b', title: 'Letter B' }] },
    count: { type: 'integer', minimum: 1, default: 3 },
    sure: { type: 'boolean', default: true },
    mail: { type: 'string', format: 'email', default: 'a@example.com' },
  } },
  '06': { type: 'object', properties: {
    plain: { type: 'string', enum: ['a', 'b'] },
    titled: { type: 'string', enum: ['a', 'b'], enumNames: ['Letter A', 'Letter B'] },
    count: { type: 'integer', minimum: 1 },
    sure: { type: 'boolean', default: true },
    mail: { type: 'string', format: 'email' },
  } },
};
const MULTI = { type: 'object', properties: { several: { type: 'array', items: { type: 'string', enum: ['a', 'b'] } } } };

const answeredWith = (name, answer, by) => ({
  name,
  due: () => whole({ client: { asked: [form('Who are you?')], text: JSON.stringify({ name: answer }) }, upstream: { name: answer } }),
  async see(cell) {
    const { questions, result } = await cell.play(ask({ name: form('Who are you?') }), { by, answer: () => answer });
    return { client: { asked: asked(questions), text: textOf(result) }, upstream: cell.answers() };
  },
});

/**
 * A question beyond what the client declared: the server learns it from its own era, and the client is not asked. `missing` tells the
 * versions that have no word for it at all.
 */
const beyond = (name, question, { profile, code, only = () => true, missing = () => undefined }) => ({
  name,
  due(cell) {
    if (!only(cell)) return inexpressible('this client can be asked that');
    const seen = cell.era === 'legacy' ? { client: { asked: 0, text: that('the server goes on', value => typeof value === 'string') }, upstream: { error: code } }
      : { client: { asked: 0, code: -32603 }, upstream: { calls: 1 } };
    return missing(cell) === undefined ? whole(seen) : refused(`error: ${missing(cell)}`, seen);
  },
  async see(cell) {
    const { questions, result, error, texts } = await cell.play(ask({ beyond: typeof question === 'function' ? question(cell) : question }), { profile });
    const leaked = texts.includes('inputRequests') ? 1 : 0;
    return cell.era === 'legacy' ? { client: { asked: questions.length, text: textOf(result) }, upstream: { error: cell.answers().beyond?.error?.code } }
      : { client: { asked: questions.length + leaked, code: error?.code }, upstream: { calls: cell.calls().length } };
  },
});

const before11 = ({ version }) => version === '06';

export default [
  {
    name: 'elicitation: form', refs: '2.1 rows 4, 23; MR-01, CM-01, T42',
    parts: [answeredWith('accept', ada), answeredWith('decline', { action: 'decline' }), answeredWith('cancel', { action: 'cancel' }),
      answeredWith('in prompts/get', ada, 'prompt'), answeredWith('in resources/read', ada, 'resource'), {
        name: 'an error instead of an answer',
        due: ({ modern, era }) => modern ? inexpressible('a modern client that does not answer does not come again')
          : whole({ client: { status: 200 }, upstream: { name: era === 'modern' ? oneOf({ action: 'cancel' }, { action: 'decline' }) : oneOf({ action: 'cancel' }, { action: 'decline' }, { error: -32603 }) } }),
        async see(cell) {
          const { status } = await cell.play(ask({ name: form('Who are you?') }), { answer: () => ({ error: { code: -32603, message: 'the window was closed' } }) });
          const { name } = cell.answers();
          return { client: { status }, upstream: { name: name?.error ? { error: name.error.code } : name } };
        },
      }, {
        name: 'members of the legacy answer',
        due: ({ modern, era }) => modern ? inexpressible('its answers are modern already') : whole({ client: 200, upstream: era === 'modern' ? ada : { ...ada, _meta: { 'com.example/by': 'hand' } } }),
        async see(cell) {
          const { status } = await cell.play(ask({ name: form('Who are you?') }), { answer: () => ({ ...ada, _meta: { 'com.example/by': 'hand' } }) });
          return { client: status, upstream: cell.answers().name };
        },
      }, {
        name: 'unknown members, exact numbers',
        due: () => whole({ client: { a: [null] }, upstream: 'as written' }),
        async see(cell) {
          const question = form('How many?');
          question.params['com.example/unknown'] = { a: [null] };
          const { questions } = await cell.play(ask({ many: question }), { answer: () => ({ action: 'accept', content: { small: '§1.50§', big: '§12345678901234567890§' } }) });
          const written = cell.received(({ text: line }) => line.includes('"small":1.50,"big":12345678901234567890')).length;
          return { client: questions[0]?.params['com.example/unknown'], upstream: written > 0 ? 'as written' : 'changed' };
        },
      }, beyond('not declared', form('Who are you?'), { profile: 'none', code: -32601 }),
      beyond('url mode alone declared', form('Who are you?'), { profile: 'url', code: -32602, only: ({ version }) => version !== '06' }),
      beyond('an unknown mode', { method: 'elicitation/create', params: { mode: 'com.example/odd', message: 'm' } }, { profile: 'full', code: -32602 })],
  },
  {
    name: 'elicitation: titled enums, defaults', refs: '2.1 row 23; VN-11',
    due: ({ version }) => whole({ client: { schema: ENUMS[version === '06' ? '06' : 'modern'] }, upstream: { choose: { action: 'accept', content: { titled: 'b' } } } }),
    async see(cell) {
      const { questions } = await cell.play(ask({ choose: form('Choose', ENUMS.modern) }), { answer: () => ({ action: 'accept', content: { titled: 'b' } }) });
      return { client: { schema: questions[0]?.params.requestedSchema }, upstream: cell.answers() };
    },
  },
  {
    name: 'elicitation: enumNames of 2025-06-18', refs: '2.1 row 23',
    due: () => whole({ client: { titled: { type: 'string', enum: ['a', 'b'], enumNames: ['Letter A', 'Letter B'] } }, upstream: { action: 'accept', content: { titled: 'b' } } }),
    async see(cell) {
      const { questions } = await cell.play(ask({ choose: form('Choose', ENUMS['06']) }), { answer: () => ({ action: 'accept', content: { titled: 'b' } }) });
      const { titled, plain } = questions[0].params.requestedSchema.properties;
      // To clients that have them, titled choices may be handed on in the newer form too.
      const choices = titled.oneOf ? { type: 'string', enum: titled.oneOf.map(each => each.const), enumNames: titled.oneOf.map(each => each.title) } : titled;
      return { client: { titled: plain === undefined ? undefined : choices }, upstream: cell.answers().choose };
    },
  },
  {
    name: 'elicitation: several choices at once', refs: '2.1 row 23; T22',
    due: ({ version }) => version === '06' ? refused('error: no several choices', { client: { asked: 0, failed: true, clear: true }, upstream: oneOf({}, { action: 'cancel' }) })
      : whole({ client: { asked: 1, failed: false, clear: absent }, upstream: { action: 'accept', content: { several: ['a', 'b'] } } }),
    async see(cell) {
      const { questions, result, error } = await cell.play(ask({ choose: form('Choose', MULTI) }), { answer: () => ({ action: 'accept', content: { several: ['a', 'b'] } }) });
      const reason = error?.message ?? (result?.isError ? textOf(result) : undefined);
      return { client: { asked: questions.length, failed: reason !== undefined, clear: reason && /2025-06-18|newer/.test(reason) }, upstream: cell.answers().choose ?? {} };
    },
  },
  {
    name: 'elicitation: a page to open', refs: '2.1 row 24; CM-08 to CM-10, MR-05',
    parts: [{
      name: 'asked',
      due({ version }) {
        if (version === '06') return inexpressible('2025-06-18 has no url mode');
        return whole({ client: { mode: 'url', url: 'https://example.com/sign-in?x=1', message: 'Sign in there', id: version === '11' ? text : absent }, upstream: { page: { action: 'accept' } } });
      },
      async see(cell) {
        const { questions } = await cell.play(ask({ page: page(cell) }), { answer: () => ({ action: 'accept' }) });
        const { mode, url, message, elicitationId: id } = questions[0]?.params ?? {};
        return { client: { mode, url, message, id }, upstream: cell.answers() };
      },
    }, beyond('not declared', page, { profile: 'form', code: -32602, missing: ({ version }) => version === '06' ? 'no url mode' : undefined }),
    {
      name: 'told that it is done',
      due: ({ era, version }) => era === 'modern' ? inexpressible('a modern server does not tell that a page is done')
        : version === '06' ? inexpressible('2025-06-18 has no url mode') : whole({ client: version === '11' ? ['the id it was asked with'] : [] }),
      async see(cell) {
        const { questions, notifications } = await cell.play([...ask({ page: page(cell) }), { completed: 'e-1' }], { answer: () => ({ action: 'accept' }) });
        const complete = notifications.filter(({ method }) => method === 'notifications/elicitation/complete');
        return { client: complete.map(({ params }) => params.elicitationId === questions[0].params.elicitationId ? 'the id it was asked with' : `another id than it was asked with`) };
      },
    }],
  },
  {
    name: 'elicitation: -32042 of 2025-11-25', refs: '2.1 row 24; 2.1.1; JR-11, LH-25',
    parts: [{
      name: 'asked to open a page',
      due({ era, version }) {
        if (era === 'modern') return inexpressible('a modern server asks instead');
        if (version === '26') return whole({ client: { asked: ['https://example.com/sign-in?x=1'], id: absent, text: '{}' }, upstream: 2 });
        return version === '11' ? whole({ client: { code: -32042, url: 'https://example.com/sign-in?x=1', id: 'e-1' }, upstream: 1 })
          : refused('error: isError', { client: { isError: true, text }, upstream: 1 });
      },
      async see(cell) {
        const { mode, ...rest } = page(cell).params;
        const { questions, result, error } = await cell.play([{ first: { code: -32042, message: 'Sign in first', data: { elicitations: [{ mode, ...rest }] } } }], { answer: () => ({ action: 'accept' }) });
        const upstream = cell.calls().length;
        if (cell.version === '26') return { client: { asked: questions.map(({ params }) => params.url), id: questions[0]?.params.elicitationId, text: textOf(result) }, upstream };
        if (cell.version === '06') return { client: { isError: result?.isError, text: textOf(result) }, upstream };
        const [listed] = error?.data?.elicitations ?? [];
        return { client: { code: error?.code ?? `asked ${questions.length}`, url: listed?.url, id: listed?.elicitationId }, upstream };
      },
    }, {
      name: 'in prompts/get',
      due: ({ era, version }) => era === 'modern' ? inexpressible('a modern server asks instead') : version === '06' ? whole({ client: -32603, upstream: 1 }) : inexpressible('as in tools/call'),
      async see(cell) {
        const { error } = await cell.play([{ error: { code: -32042, message: 'Sign in first', data: { elicitations: [page(cell).params] } } }], { by: 'prompt' });
        return { client: error?.code, upstream: cell.calls().length };
      },
    }, {
      name: 'not declared',
      due: ({ era, version }) => era === 'modern' ? inexpressible('a modern server asks instead')
        : version === '26' ? whole({ client: { status: 400, code: -32021, required: { elicitation: { url: {} } } }, upstream: 1 })
          : version === '11' ? whole({ client: { status: 200, code: -32042, required: absent }, upstream: 1 }) : inexpressible('2025-06-18 has no url mode'),
      async see(cell) {
        const { status, error } = await cell.play([{ first: { code: -32042, message: 'Sign in first', data: { elicitations: [page(cell).params] } } }], { profile: 'none' });
        return { client: { status, code: error?.code, required: error?.data?.requiredCapabilities }, upstream: cell.calls().length };
      },
    }],
  },
  {
    name: 'sampling', refs: '2.1 rows 4, 25; MR-01, T42',
    parts: [{
      name: 'answered',
      due: () => whole({ client: { asked: [sampling()], text: JSON.stringify({ model: said }) }, upstream: { model: said } }),
      async see(cell) {
        const { questions, result } = await cell.play(ask({ model: sampling() }), { answer: () => said });
        return { client: { asked: asked(questions), text: textOf(result) }, upstream: cell.answers() };
      },
    }, beyond('not declared', sampling(), { profile: 'form', code: -32601 })],
  },
  {
    name: 'sampling: refused by the client', refs: '2.1.1; 2.3.4; T23',
    due: ({ modern, era }) => modern ? inexpressible('a modern client that refuses does not come again')
      : era === 'legacy' ? whole({ client: { text: '{"model":{"error":{"code":-1,"message":"User rejected sampling request"}}}', code: absent }, upstream: { calls: 1, error: { code: -1, message: 'User rejected sampling request' } } })
        : refused('error -32603', { client: { text: absent, code: -32603 }, upstream: { calls: 1, error: absent } }),
    async see(cell) {
      const { result, error } = await cell.play(ask({ model: sampling() }), { answer: () => ({ error: { code: -1, message: 'User rejected sampling request' } }) });
      await cell.quiet();
      return { client: { text: textOf(result), code: error?.code }, upstream: { calls: cell.calls().length, error: cell.answers().model?.error } };
    },
  },
  {
    name: 'sampling: with tools', refs: '2.1 row 25; CM-11',
    parts: [{
      name: 'declared',
      due: ({ version }) => version === '06' ? inexpressible('2025-06-18 has no tools in sampling') : whole({ client: { tools: [TOOL], choice: { mode: 'auto' } }, upstream: USED }),
      async see(cell) {
        const { questions } = await cell.play(ask({ model: sampling({ tools: [TOOL], toolChoice: { mode: 'auto' } }) }), { answer: () => USED });
        return { client: { tools: questions[0]?.params.tools, choice: questions[0]?.params.toolChoice }, upstream: cell.answers().model };
      },
    }, beyond('not declared', sampling({ tools: [TOOL] }), { profile: 'full', code: -32602, only: before11, missing: () => 'no tools' })],
  },
  {
    name: 'sampling: several blocks in a message', refs: '2.1 row 25',
    parts: [{
      name: 'one block',
      due: ({ version }) => whole({ client: version === '06' ? { type: 'text', text: 'one' } : [{ type: 'text', text: 'one' }], upstream: said }),
      async see(cell) {
        const { questions } = await cell.play(ask({ model: sampling({ messages: [{ role: 'user', content: [{ type: 'text', text: 'one' }] }] }) }), { answer: () => said });
        return { client: questions[0]?.params.messages[0].content, upstream: cell.answers().model };
      },
    }, {
      name: 'two blocks',
      due: ({ version, era }) => version === '06' ? refused('error: one block only', { client: { asked: 0, failed: true }, upstream: era === 'legacy' ? { error: text } : absent })
        : whole({ client: { asked: 1, failed: false }, upstream: said }),
      async see(cell) {
        const { questions, error, result } = await cell.play(ask({ model: sampling({ messages: [{ role: 'user', content: [{ type: 'text', text: 'one' }, { type: 'text', text: 'two' }] }] }) }), { answer: () => said });
        const { model } = cell.answers();
        return { client: { asked: questions.length, failed: error !== undefined || result?.isError === true }, upstream: model?.error ? { error: model.error.message } : model };
      },
    }],
  },
  {
    name: 'sampling: includeContext', refs: '2.1 row 25',
    due: ({ version }) => whole({ client: version === '06' ? 'not asked for' : 'thisServer', upstream: said }),
    async see(cell) {
      const { questions } = await cell.play(ask({ model: sampling({ includeContext: 'thisServer' }) }), { answer: () => said });
      return { client: questions[0]?.params.includeContext ?? 'not asked for', upstream: cell.answers().model };
    },
  },
  {
    name: 'roots', refs: '2.1 rows 4, 26',
    parts: [{
      name: 'answered',
      due: () => whole({ client: { asked: ['roots/list'], text: JSON.stringify({ folders }) }, upstream: { folders } }),
      async see(cell) {
        const { questions, result } = await cell.play(ask({ folders: roots }), { answer: () => folders });
        return { client: { asked: questions.map(({ method }) => method), text: textOf(result) }, upstream: cell.answers() };
      },
    }, {
      name: 'refused by the client',
      due: ({ modern, era }) => modern ? inexpressible('a modern client that refuses does not come again')
        : era === 'legacy' ? whole({ client: { code: absent }, upstream: { calls: 1, error: -32603 } }) : refused('error for a refusal', { client: { code: -32603 }, upstream: { calls: 1, error: absent } }),
      async see(cell) {
        const { error } = await cell.play(ask({ folders: roots }), { answer: () => ({ error: { code: -32603, message: 'no folders today' } }) });
        await cell.quiet();
        return { client: { code: error?.code }, upstream: { calls: cell.calls().length, error: cell.answers().folders?.error?.code } };
      },
    }, beyond('not declared', roots, { profile: 'form', code: -32601 }), {
      name: 'asked for no request',
      due: ({ era }) => era === 'modern' ? inexpressible('a modern server sends no requests') : whole({ client: { asked: 0 }, upstream: true }),
      async see(cell) {
        const client = await cell.client();
        const listening = cell.modern ? undefined : await (await cell.newClient()).listen();
        await cell.play([], { client });
        const { session } = cell.calls()[0];
        const fits = entry => entry.what === 'received' && entry.session === session && entry.message.id === 'roots-at-once';
        const answered = await cell.upstream.record.until(fits, 2_000);
        return { client: { asked: listening?.messages.filter(({ method }) => method === 'roots/list').length ?? 0 }, upstream: answered !== undefined };
      },
    }],
  },
  {
    name: 'a question of unknown kind', refs: 'MR-04, CS-17, T45',
    parts: [beyond('com.example/ask', { method: 'com.example/ask', params: {} }, { profile: 'full', code: -32601 })],
  },
  {
    name: 'a question that fails the call', refs: '2.2.10; 2.1.1; VN-06, T24',
    parts: [{
      name: 'the server cannot go on without',
      due({ era, modern }) {
        if (era === 'modern') return inexpressible('a modern server is told with each request');
        return modern ? refused('error -32021', { client: { status: 400, code: -32021, required: ['elicitation'] }, upstream: -32601 })
          : whole({ client: { status: 200, isError: true, text: that('what the server says', value => value?.startsWith('cannot go on: ')) }, upstream: -32601 });
      },
      async see(cell) {
        const { status, result, error } = await cell.play(ask({ name: form('Who are you?') }, { strict: true }), { profile: 'none' });
        const upstream = cell.answers().name?.error?.code;
        return cell.modern ? { client: { status, code: error?.code, required: Object.keys(error?.data?.requiredCapabilities ?? {}) }, upstream }
          : { client: error ? { status, code: error.code } : { status, isError: result?.isError, text: textOf(result) }, upstream };
      },
    }, {
      name: '-32021 of the server',
      due: ({ era, modern }) => era === 'legacy' ? inexpressible('a legacy server has no such code')
        : modern ? whole({ client: { status: 400, code: -32021, required: { elicitation: { form: {} } } }, upstream: 1 })
          : refused('error -32602', { client: { status: 200, code: -32602, required: { elicitation: { form: {} } } }, upstream: 1 }),
      async see(cell) {
        const { status, error } = await cell.play([{ error: { code: -32021, message: 'Missing capability', data: { requiredCapabilities: { elicitation: { form: {} } } } } }], { profile: 'none' });
        return { client: { status, code: error?.code, required: error?.data?.requiredCapabilities }, upstream: cell.calls().length };
      },
    }, {
      name: '-32021 after a notification',
      // The status is out by then (T24).
      due: ({ era, modern }) => era === 'legacy' ? inexpressible('a legacy server has no such code') : whole({ client: { status: 200, code: modern ? -32021 : -32602, progress: 1 } }),
      async see(cell) {
        const { status, error, notifications } = await cell.play([{ progress: { progress: 1 } }, { error: { code: -32021, message: 'Missing capability', data: { requiredCapabilities: { elicitation: { form: {} } } } } }], { profile: 'none', token: 't' });
        return { client: { status, code: error?.code, progress: notifications.length } };
      },
    }],
  },
  {
    name: 'a question taken back', refs: '3.5',
    due({ era, modern }) {
      if (era === 'modern') return inexpressible('a modern server cannot take a question back');
      return whole({ client: modern ? { text: '{"name":"withdrawn"}' } : { told: true, text: '{"name":"withdrawn"}' }, upstream: {} });
    },
    async see(cell) {
      let id;
      const answer = async question => {
        id = question.id;
        await sleep(1_000);
        return ada;
      };
      const client = await cell.client();
      if (cell.modern) {
        const [method, params] = cell.script(ask({ name: form('Who are you?') }, { withdrawMs: 200 }));
        const { result: { inputRequests, requestState } } = await client.ask(method, params, { stop: true });
        await sleep(400);
        const { result, error } = await client.ask(method, { ...params, requestState, inputResponses: { [Object.keys(inputRequests)[0]]: ada } });
        return { client: { text: textOf(result) ?? error?.code }, upstream: cell.answers() };
      }
      const { notifications, result } = await cell.play(ask({ name: form('Who are you?') }, { withdrawMs: 200 }), { client, answer });
      return { client: { told: notifications.some(({ method, params }) => method === 'notifications/cancelled' && params.requestId === id), text: textOf(result) }, upstream: cell.answers() };
    },
  },
];

export { ada, folders, roots, said, sampling };

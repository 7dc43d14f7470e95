// What is offered and read (2.1 rows 14, 19 to 21, 28, 31; FE-01 to FE-19, CA-01, PAG).
import { EXACT, PROMPTS, RESOURCES, TEMPLATES, hints } from '../../servers/matrix-offer.mjs';
import { absent, inexpressible, lost, oneOf, that, whole } from '../verdict.mjs';

/** All pages of a list: the elements, and the cursors on the way. */
async function drain(client, method, member) {
  const elements = [];
  const cursors = [];
  for (let params = {}; ;) {
    const { result, error } = await client.ask(method, params);
    if (error) return { elements, cursors, error };
    elements.push(...result[member]);
    if (!('nextCursor' in result) || cursors.length > 5) return { elements, cursors };
    cursors.push(result.nextCursor);
    params = { cursor: result.nextCursor };
  }
}

const toolsOf = async cell =>
  Object.fromEntries((await drain(await cell.client(), 'tools/list', 'tools')).elements.map(tool => [tool.name, tool]));

/** What an upstream saw of a walk: each cursor, and where there was none. */
const walked = (cell, method) =>
  cell.requests(method).map(({ message }) => ('cursor' in (message.params ?? {}) ? message.params.cursor : 'none'));

const NAMED = {
  'tools/list': 'tools',
  'resources/list': 'resources',
  'prompts/list': 'prompts',
  'resources/templates/list': 'resourceTemplates',
};
const STEPS = {
  'tools/list': ['none', 'tools 2'],
  'resources/list': ['none', '', 'page three/ü='],
  'prompts/list': ['none', 'prompts 2'],
  'resources/templates/list': ['none'],
};

const strip = result =>
  Object.fromEntries(Object.entries(result).filter(([member]) => !['resultType', 'ttlMs', 'cacheScope', '_meta'].includes(member)));

/** A schema as it was written, if it is in a text. */
const verbatim = (texts, schema) =>
  texts.includes(schema)
    ? 'as written'
    : texts.replaceAll(/\s/g, '').includes(schema.replaceAll(/\s/g, ''))
      ? 'with other spaces'
      : 'changed';

const CONTENT = [
  { type: 'text', text: 'plain', annotations: { audience: ['user'], priority: 0.5 } },
  { type: 'resource_link', uri: 'matrix:never-listed', name: 'link', mimeType: 'text/plain', 'com.example/unknown': 1 },
  { type: 'audio', data: 'UklGRg==', mimeType: 'audio/wav' },
  { type: 'image', data: 'iVBORw0KGgo=', mimeType: 'image/png' },
  { type: 'resource', resource: { uri: 'matrix:one', mimeType: 'text/plain', text: 'embedded', _meta: { 'com.example/x': true } } },
];

export default [
  {
    name: 'lists and pagination',
    refs: '2.1 row 6; FE-01, FE-15, CH-24, T40',
    parts: [
      ...Object.entries(NAMED).map(([method, member]) => ({
        name: method,
        due: () =>
          whole({
            client: {
              count:
                member === 'tools'
                  ? that('at least 9', count => count >= 9)
                  : { resources: RESOURCES, prompts: PROMPTS, resourceTemplates: TEMPLATES }[member].length,
              pages: STEPS[method].length,
            },
            upstream: STEPS[method],
          }),
        async see(cell) {
          const client = await cell.client();
          const from = cell.requests(method).length;
          const { elements, cursors } = await drain(client, method, member);
          return {
            client: { count: new Set(elements.map(element => element.uri ?? element.name)).size, pages: cursors.length + 1 },
            upstream: walked(cell, method).slice(from),
          };
        },
      })),
      {
        name: 'a cursor of nobody',
        due: () => whole({ client: [-32602, -32602], upstream: oneOf(['made up'], []) }),
        async see(cell) {
          const client = await cell.client();
          const answers = [await client.ask('resources/list', { cursor: 'made up' }), await client.ask('prompts/list', { cursor: '' })];
          return { client: answers.map(({ error }) => error?.code), upstream: walked(cell, 'resources/list') };
        },
      },
    ],
  },
  {
    name: 'unknown members, exact numbers',
    refs: '2.1 rows 19, 20; JR-28, T39',
    parts: [
      {
        name: 'schemas',
        due: () =>
          whole({ client: { schema: 'as written', unknown: [1, { two: null }], icons: 'https://example.com/i.png', meta: 'plays' } }),
        async see(cell) {
          const client = await cell.client();
          const { texts, result } = await client.ask('tools/list');
          const [script, exact] = result.tools;
          return {
            client: {
              schema: verbatim(texts, EXACT.schema),
              unknown: exact['com.example/unknown'],
              icons: script.icons?.[0].src,
              meta: script._meta?.['com.example/group'],
            },
          };
        },
      },
      {
        name: 'results',
        due: () => whole({ client: { content: 'as written', extra: 'as written', meta: 't-1' } }),
        async see(cell) {
          const { texts, result } = await (await cell.client()).ask('tools/call', { name: 'exact', arguments: { mark: cell.mark } });
          return {
            client: {
              content: verbatim(texts, '"com.example/unknown":{"deep":[1.0,1e2]}'),
              extra: verbatim(texts, '"com.example/extra":{"big":12345678901234567890,"small":1.50}'),
              meta: result._meta?.['com.example/trace'],
            },
          };
        },
      },
      {
        name: 'parameters',
        due: () =>
          whole({
            client: 200,
            upstream: {
              numbers: 'as written',
              unknown: { a: null },
              vendor: 'v',
              trace: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
            },
          }),
        async see(cell) {
          const [method, params] = cell.script([], { args: { number: '§1.50§', big: '§12345678901234567890§' } });
          const { status } = await (
            await cell.client()
          ).ask(
            method,
            { ...params, 'com.example/more': { a: null } },
            { meta: { 'com.example/vendor': 'v', traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' } },
          );
          const [{ message, text }] = cell.calls();
          return {
            client: status,
            upstream: {
              numbers: verbatim(text, '"number":1.50,"big":12345678901234567890'),
              unknown: message.params['com.example/more'],
              vendor: message.params._meta?.['com.example/vendor'],
              trace: message.params._meta?.traceparent,
            },
          };
        },
      },
      {
        name: "modern members in a legacy client's _meta",
        // Real clients send them, and are served as what they negotiated (VN-18, T03).
        due: ({ modern, era }) =>
          modern
            ? inexpressible('they are its own')
            : whole({
                client: 200,
                upstream: {
                  version: era === 'modern' ? '2026-07-28' : absent,
                  capabilities: era === 'modern' ? ['elicitation', 'roots', 'sampling'] : absent,
                },
              }),
        async see(cell) {
          const [method, params] = cell.script([]);
          const { status } = await (
            await cell.client()
          ).ask(method, params, {
            meta: { 'io.modelcontextprotocol/protocolVersion': '2026-07-28', 'io.modelcontextprotocol/clientCapabilities': {} },
          });
          const meta = cell.calls()[0]?.message.params._meta ?? {};
          const capabilities = meta['io.modelcontextprotocol/clientCapabilities'];
          return {
            client: status,
            upstream: {
              version: meta['io.modelcontextprotocol/protocolVersion'],
              capabilities: capabilities && Object.keys(capabilities).sort(),
            },
          };
        },
      },
    ],
  },
  {
    name: 'ttlMs and cacheScope',
    refs: '2.1 row 14; CA-01, CA-02, CA-05',
    parts: Object.keys({ ...NAMED, 'server/discover': 0, 'resources/read': 0 }).map(method => ({
      name: method,
      due({ modern, era }) {
        if (!modern && method === 'server/discover') return inexpressible('a legacy client does not ask');
        if (!modern) return lost('caching', { client: {} });
        const { ttlMs, cacheScope } = hints(method);
        return whole({
          client:
            era === 'legacy'
              ? {
                  ttlMs: that(
                    '0 to 60000',
                    value => Number.isInteger(value) && value >= 0 && value <= 60_000 && (method !== 'resources/read' || value === 0),
                  ),
                  cacheScope: 'private',
                }
              : // Less, and stricter, is always allowed.
                {
                  ttlMs: that(`at most ${ttlMs}`, value => Number.isInteger(value) && value >= 0 && value <= ttlMs),
                  cacheScope: oneOf(cacheScope, 'private'),
                },
        });
      },
      async see(cell) {
        const {
          result: { ttlMs, cacheScope },
        } = await (await cell.client()).ask(method, method === 'resources/read' ? { uri: 'matrix:one' } : {});
        return { client: JSON.parse(JSON.stringify({ ttlMs, cacheScope })) };
      },
    })),
  },
  {
    name: 'resources, prompts',
    refs: '2.1 row 21; FE-19',
    parts: [
      {
        name: 'read',
        due: () =>
          whole({
            client: [
              { uri: 'matrix:one', mimeType: 'text/plain', text: 'the text of matrix:one' },
              { uri: 'matrix:blob', mimeType: 'image/png', blob: 'iVBORw0KGgo=' },
              { uri: 'matrix:über', mimeType: 'text/plain', text: 'the text of matrix:über' },
            ],
            upstream: ['matrix:one', 'matrix:blob', 'matrix:über'],
          }),
        async see(cell) {
          const client = await cell.client();
          const contents = [];
          for (const uri of ['matrix:one', 'matrix:blob', 'matrix:über'])
            contents.push((await client.ask('resources/read', { uri })).result?.contents[0]);
          return { client: contents, upstream: cell.requests('resources/read').map(({ message }) => message.params.uri) };
        },
      },
      {
        name: 'prompt',
        due: () =>
          whole({
            client: {
              description: 'd',
              messages: [
                { role: 'user', content: { type: 'resource', resource: { uri: 'matrix:one', text: 't' } } },
                { role: 'assistant', content: { type: 'text', text: 'yes' } },
              ],
            },
            upstream: 1,
          }),
        async see(cell) {
          const prompt = {
            description: 'd',
            messages: [
              { role: 'user', content: { type: 'resource', resource: { uri: 'matrix:one', text: 't' } } },
              { role: 'assistant', content: { type: 'text', text: 'yes' } },
            ],
          };
          const { result } = await cell.play([{ result: prompt }], { by: 'prompt' });
          return { client: strip(result), upstream: cell.calls().length };
        },
      },
    ],
  },
  {
    name: 'content: links, audio, images, embedded',
    refs: '2.1 row 21; FE-19',
    parts: [
      {
        name: 'result',
        due: () => whole({ client: CONTENT, upstream: 1 }),
        async see(cell) {
          const { result } = await cell.play([{ result: { content: CONTENT } }]);
          return { client: result.content, upstream: cell.calls().length };
        },
      },
      {
        name: 'an error of the tool',
        due: () => whole({ client: { isError: true, text: 'it did not work' } }),
        async see(cell) {
          const { result } = await cell.play([{ result: { content: [{ type: 'text', text: 'it did not work' }], isError: true } }]);
          return { client: { isError: result?.isError, text: result?.content[0].text } };
        },
      },
    ],
  },
  {
    name: 'structuredContent: an object',
    refs: '2.1 row 19; FE-07, FE-08',
    parts: [
      {
        name: 'value',
        due: () =>
          whole({ client: { value: { value: { a: [1, null] } }, text: that('a text block', value => typeof value === 'string') } }),
        async see(cell) {
          const { result } = await cell.play([{ result: { content: [], structuredContent: { value: { a: [1, null] } } } }], {
            tool: 'object_out',
          });
          return { client: { value: result.structuredContent, text: cell.modern ? 'not needed' : result.content[0]?.text } };
        },
      },
      {
        name: 'schema',
        due: () => whole({ client: { type: 'object', properties: { value: {} } } }),
        async see(cell) {
          return { client: (await toolsOf(cell)).object_out.outputSchema };
        },
      },
    ],
  },
  {
    name: 'structuredContent: no object',
    refs: '2.1 rows 19, 20; T43',
    parts: [
      ...[
        ['array_out', [1, 2]],
        ['any_out', 7],
        ['any_out', 'a string'],
        ['any_out', null],
        ['any_out', false],
      ].map(([tool, value]) => ({
        name: JSON.stringify(value),
        due: ({ era, modern }) =>
          era === 'legacy'
            ? inexpressible('a legacy server has objects only')
            : modern
              ? whole({ client: { there: true, value, text: false }, upstream: 1 })
              : lost('its shape: {"result": …}', { client: { there: true, value: { result: value }, text: true }, upstream: 1 }),
        async see(cell) {
          const { result } = await cell.play([{ result: { content: [], structuredContent: value } }], { tool });
          return {
            client: {
              there: 'structuredContent' in (result ?? {}),
              value: result?.structuredContent,
              text: result?.content?.some(block => block.text === JSON.stringify(value)),
            },
            upstream: cell.calls().length,
          };
        },
      })),
      {
        name: 'schemas',
        // What is listed has to be true of what is returned: wrapped alike, or not listed.
        due: ({ era, modern }) =>
          era === 'legacy'
            ? inexpressible('a legacy server has objects only')
            : modern
              ? whole({
                  client: {
                    array: { type: 'array', items: { type: 'integer' } },
                    any: { description: 'Anything at all' },
                    referring: { type: 'array', items: { $ref: '#/$defs/item' }, $defs: { item: { type: 'string' } } },
                  },
                })
              : lost('its shape: {"result": …}', {
                  client: {
                    array: { type: 'object', properties: { result: { type: 'array', items: { type: 'integer' } } }, required: ['result'] },
                    any: absent,
                    referring: absent,
                  },
                }),
        async see(cell) {
          const tools = await toolsOf(cell);
          return {
            client: { array: tools.array_out.outputSchema, any: tools.any_out.outputSchema, referring: tools.referring_out.outputSchema },
          };
        },
      },
    ],
  },
  {
    name: 'completion',
    refs: '2.1 row 28; FE-14',
    parts: [
      {
        name: 'with context',
        due: () =>
          whole({
            client: { values: ['v1', 'v2', 'told before', 'scripted'], total: 250, hasMore: true },
            upstream: {
              ref: { type: 'ref/prompt', name: 'scripted' },
              argument: { name: 'steps', value: 'v' },
              context: { arguments: { before: 'told before' } },
            },
          }),
        async see(cell) {
          const asked = {
            ref: { type: 'ref/prompt', name: 'scripted' },
            argument: { name: 'steps', value: 'v' },
            context: { arguments: { before: 'told before' } },
          };
          const { result } = await (await cell.client()).ask('completion/complete', asked);
          const [
            {
              message: {
                params: { ref, argument, context },
              },
            },
          ] = cell.requests('completion/complete');
          return { client: result.completion, upstream: { ref, argument, context } };
        },
      },
      {
        name: 'of a template, without context',
        due: () => whole({ client: ['1', '2', 'no context', 'matrix:script/{mark}/{steps}'], upstream: absent }),
        async see(cell) {
          const { result } = await (
            await cell.client()
          ).ask('completion/complete', {
            ref: { type: 'ref/resource', uri: 'matrix:script/{mark}/{steps}' },
            argument: { name: 'mark', value: '' },
          });
          return { client: result.completion.values, upstream: cell.requests('completion/complete')[0].message.params.context };
        },
      },
    ],
  },
  {
    name: 'lists that vary by session',
    refs: '2.1 row 31; FE-02, T19',
    due: ({ era }) =>
      era === 'modern'
        ? inexpressible("a modern server's lists do not depend on sessions")
        : whole({ client: { own: true, other: false } }),
    async see(cell) {
      const has = async client => (await drain(client, 'tools/list', 'tools')).elements.some(tool => tool.name === 'activated');
      const own = await cell.client();
      await cell.play([{ activate: true }], { client: own });
      return { client: { own: await has(own), other: await has(await cell.client('full', 'other')) } };
    },
  },
];

// What the matrix's server offers: lists with every kind of member a gateway could lose on the way.
export const IDENTITY = { name: 'matrix', title: 'The Matrix', version: '1.2.3' };
export const INSTRUCTIONS = 'Read the label.';

const OFFERED = {
  tools: { listChanged: true },
  prompts: { listChanged: true },
  resources: { subscribe: true, listChanged: true },
  completions: {},
  logging: {},
};
export const CAPABILITIES = {
  legacy: { ...OFFERED, tasks: { list: {}, requests: { tools: { call: {} } } } },
  modern: { ...OFFERED, extensions: { 'io.modelcontextprotocol/tasks': {} } },
};

/** Sent as they are written here: their numbers and unknown members have to arrive letter by letter. */
export const EXACT = {
  schema:
    '{"type":"object","$defs":{"a":{"$anchor":"here","type":"string"}},"properties":{"a":{"$ref":"#here"}},"x-vendor":{"limit":1.50,"big":12345678901234567890},"additionalProperties":true}',
  result:
    '{"content":[{"type":"text","text":"exact","com.example/unknown":{"deep":[1.0,1e2]}}],"com.example/extra":{"big":12345678901234567890,"small":1.50},"_meta":{"com.example/trace":"t-1"}}',
};

const SCRIPT = { type: 'object', properties: { mark: { type: 'string' }, steps: { type: 'array' } } };
// Read-only, so that a policy which opens only such tools to further callers does not change what the rows are about.
const annotations = { readOnlyHint: true };
const headed = properties => ({ type: 'object', properties: { ...SCRIPT.properties, ...properties } });

const HEADED = headed({
  region: { type: 'string', 'x-mcp-header': 'Region' },
  count: { type: 'integer', 'x-mcp-header': 'Count' },
  dry: { type: 'boolean', 'x-mcp-header': 'Dry-Run' },
  place: { type: 'object', properties: { city: { type: 'string', 'x-mcp-header': 'City' } } },
});

export function tools(session, driftingHeader) {
  const list = [
    {
      name: 'script',
      title: 'Script',
      description: 'Plays steps',
      inputSchema: SCRIPT,
      annotations,
      icons: [{ src: 'https://example.com/i.png', mimeType: 'image/png' }],
      _meta: { 'com.example/group': 'plays' },
    },
    {
      name: 'exact',
      description: 'Answers letter by letter',
      inputSchema: 'exact',
      annotations,
      'com.example/unknown': [1, { two: null }],
    },
    { name: 'object_out', inputSchema: SCRIPT, outputSchema: { type: 'object', properties: { value: {} } }, annotations },
    { name: 'array_out', inputSchema: SCRIPT, outputSchema: { type: 'array', items: { type: 'integer' } }, annotations },
    { name: 'any_out', inputSchema: SCRIPT, outputSchema: { description: 'Anything at all' }, annotations },
    {
      name: 'referring_out',
      inputSchema: SCRIPT,
      outputSchema: { type: 'array', items: { $ref: '#/$defs/item' }, $defs: { item: { type: 'string' } } },
      annotations,
    },
    { name: 'headed', inputSchema: HEADED, annotations },
    { name: 'badly_headed', inputSchema: headed({ region: { type: 'string', 'x-mcp-header': 'not a token' } }), annotations },
    { name: 'drifting', inputSchema: headed({ key: { type: 'string', 'x-mcp-header': driftingHeader } }), annotations },
    { name: 'never_right', inputSchema: SCRIPT, annotations },
  ];
  if (!session.modern) list.push({ name: 'tasks_only', inputSchema: SCRIPT, annotations, execution: { taskSupport: 'required' } });
  if (session.activated) list.push({ name: 'activated', inputSchema: SCRIPT, annotations });
  return list;
}

export const RESOURCES = ['matrix:one', 'matrix:two', 'matrix:three', 'matrix:blob', 'matrix:über'].map(uri => ({
  uri,
  name: uri.slice(7),
  mimeType: 'text/plain',
}));
export const TEMPLATES = [{ uriTemplate: 'matrix:script/{mark}/{steps}', name: 'scripts', 'com.example/unknown': true }];
export const PROMPTS = [
  { name: 'scripted', arguments: [{ name: 'mark' }, { name: 'steps' }] },
  { name: 'plain', description: 'Nothing to it' },
];

/** Where each page ends, and the cursor of the next: the empty string is one like any other. */
const PAGES = {
  tools: [
    ['', 6],
    ['tools 2', Infinity],
  ],
  resources: [
    ['', 2],
    ['', 3],
    ['page three/ü=', Infinity],
  ],
  prompts: [
    ['', 1],
    ['prompts 2', Infinity],
  ],
};

export function pages(member, all, cursor, Refusal) {
  const steps = PAGES[member];
  const page = cursor === undefined ? 0 : steps.findIndex(([own], index) => index > 0 && own === cursor);
  if (page < 0) throw new Refusal(-32602, 'Invalid cursor');
  const from = page === 0 ? 0 : steps[page - 1][1];
  return { [member]: all.slice(from, steps[page][1]), ...(page + 1 < steps.length ? { nextCursor: steps[page + 1][0] } : {}) };
}

const HINTS = {
  'server/discover': { ttlMs: 1_000, cacheScope: 'private' },
  'tools/list': { ttlMs: 2_000, cacheScope: 'private' },
  'prompts/list': { ttlMs: 3_000, cacheScope: 'public' },
  'resources/list': { ttlMs: 4_000, cacheScope: 'public' },
  'resources/templates/list': { ttlMs: 5_000, cacheScope: 'public' },
  'resources/read': { ttlMs: 6_000, cacheScope: 'private' },
};

export const hints = method => HINTS[method] ?? {};

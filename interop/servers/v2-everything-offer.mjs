// What the official suite's server fixture offers; names and texts are the suite's. Written once for both eras: a tool that asks
// returns its questions, and for a client with a handshake the SDK makes requests of them.
import { randomBytes } from 'node:crypto';
import { McpServer, ResourceTemplate, completable, createRequestStateCodec, fromJsonSchema, inputRequired, inputResponse } from '@modelcontextprotocol/server';
import { z } from 'zod';

const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==';
const WAV = 'UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAEAfAAABAAgAZGF0YQAAAAA=';
const STEP_MS = 50;
const SUGGESTIONS = ['testValue1', 'testValue2', 'paris'];
const WATCHED = 'test://watched-resource';

// Each modern request has a server object of its own: what one round knows, the next gets from its state alone.
const states = createRequestStateCodec({ key: randomBytes(32) });

const pause = ms => new Promise(resolve => setTimeout(resolve, ms));
const text = value => ({ content: [{ type: 'text', text: value }] });
const user = content => ({ role: 'user', content });

const form = (message, properties, required = Object.keys(properties)) =>
  inputRequired.elicit({ message, requestedSchema: { type: 'object', properties, required } });
const model = (question, maxTokens) =>
  inputRequired.createMessage({ messages: [user({ type: 'text', text: question })], maxTokens });
const userName = () => form('What is your name?', { name: { type: 'string' } });

/** Every kind of answer as a word or two; undefined when there is none, so that it is asked for (again). */
function answered(context, key) {
  const answer = inputResponse(context.mcpReq.inputResponses, key);
  switch (answer.kind) {
    case 'elicit': return answer.action === 'accept' ? JSON.stringify(answer.content) : answer.action;
    case 'sampling': return [answer.result.content].flat().map(block => block.text).join(' ');
    case 'roots': return answer.roots.map(root => `${root.name} (${root.uri})`).join(', ');
    default: return undefined;
  }
}

/** Asks all of `questions` that are not answered yet; once all are, `answer` gets the answers. */
async function asking(context, questions, answer, state) {
  const open = Object.entries(questions).filter(([key]) => answered(context, key) === undefined);
  if (open.length > 0) {
    return inputRequired({ inputRequests: Object.fromEntries(open), ...state && { requestState: await states.mint(state) } });
  }
  return answer(Object.fromEntries(Object.keys(questions).map(key => [key, answered(context, key)])));
}

const CHOICES = {
  untitledSingle: { type: 'string', enum: ['option1', 'option2', 'option3'] },
  titledSingle: { type: 'string', oneOf: [{ const: 'value1', title: 'First Option' }, { const: 'value2', title: 'Second Option' },
    { const: 'value3', title: 'Third Option' }] },
  legacyEnum: { type: 'string', enum: ['opt1', 'opt2', 'opt3'], enumNames: ['Option One', 'Option Two', 'Option Three'] },
  untitledMulti: { type: 'array', items: { type: 'string', enum: ['option1', 'option2', 'option3'] } },
  titledMulti: { type: 'array', items: { anyOf: [{ const: 'value1', title: 'First Choice' }, { const: 'value2', title: 'Second Choice' },
    { const: 'value3', title: 'Third Choice' }] } },
};

const DEFAULTS = {
  name: { type: 'string', description: 'User name', default: 'John Doe' },
  age: { type: 'integer', description: 'User age', default: 30 },
  score: { type: 'number', description: 'User score', default: 95.5 },
  status: { type: 'string', description: 'User status', enum: ['active', 'inactive', 'pending'], default: 'active' },
  verified: { type: 'boolean', description: 'Verification status', default: true },
};

const CONTACT = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  $defs: { address: { $anchor: 'addressDef', type: 'object', properties: { street: { type: 'string' }, city: { type: 'string' } } } },
  properties: { name: { type: 'string' }, address: { $ref: '#/$defs/address' }, contactMethod: { type: 'string', enum: ['phone', 'email'] },
    phone: { type: 'string' }, email: { type: 'string' } },
  allOf: [{ anyOf: [{ required: ['phone'] }, { required: ['email'] }] }],
  if: { properties: { contactMethod: { const: 'phone' } }, required: ['contactMethod'] },
  then: { required: ['phone'] },
  else: { required: ['email'] },
  additionalProperties: false,
};

/** Tools that answer with one kind of content each. */
const CONTENT = {
  test_simple_text: text('This is a simple text response for testing.'),
  test_image_content: { content: [{ type: 'image', data: PNG, mimeType: 'image/png' }] },
  test_audio_content: { content: [{ type: 'audio', data: WAV, mimeType: 'audio/wav' }] },
  test_embedded_resource: { content: [{ type: 'resource',
    resource: { uri: 'test://embedded-resource', mimeType: 'text/plain', text: 'This is an embedded resource content.' } }] },
  test_multiple_content_types: { content: [{ type: 'text', text: 'Multiple content types test:' }, { type: 'image', data: PNG, mimeType: 'image/png' },
    { type: 'resource', resource: { uri: 'test://mixed-content-resource', mimeType: 'application/json', text: '{"test":"data","value":123}' } }] },
  test_error_handling: { ...text('This tool intentionally returns an error for testing'), isError: true },
};

/** Tools without arguments: name -> what it does with the context. */
const PLAIN = {
  async test_tool_with_logging(context) {
    for (const said of ['started', 'processing data', 'execution completed']) {
      await context.mcpReq.log('info', `Tool ${said}`);
      await pause(STEP_MS);
    }
    return text('Tool with logging executed successfully');
  },
  async test_tool_with_progress(context) {
    const progressToken = context.mcpReq._meta?.progressToken;
    for (const progress of progressToken === undefined ? [] : [0, 50, 100]) {
      await context.mcpReq.notify({ method: 'notifications/progress',
        params: { progressToken, progress, total: 100, message: `Completed step ${progress} of 100` } });
      await pause(STEP_MS);
    }
    return text('Tool with progress executed successfully');
  },
  async test_logging_tool(context) {
    await context.mcpReq.log('info', 'Only for those who asked');
    return text('Logged');
  },
  async test_reconnection(context) {
    context.http?.closeSSE?.();
    await pause(2 * STEP_MS);
    return text('Reconnection test completed successfully');
  },
  test_elicitation_sep1034_defaults: context => asking(context, { defaults: form('Please review and update the form fields', DEFAULTS, []) },
    answers => text(`Elicitation completed: ${answers.defaults}`)),
  test_elicitation_sep1330_enums: context => asking(context, { choices: form('Please select options', CHOICES, []) },
    answers => text(`Elicitation completed: ${answers.choices}`)),
  test_missing_capability: context => asking(context, { sampling: model('Are you there?', 10) }, () => text('This client can be asked for sampling')),
  test_streaming_elicitation: context => asking(context, { user_name: userName() }, answers => text(`Answered: ${answers.user_name}`)),
  test_input_required_result_elicitation: context => asking(context, { user_name: userName() }, answers => text(`Hello, ${answers.user_name}!`)),
  test_input_required_result_sampling: context => asking(context, { capital_question: model('What is the capital of France?', 100) },
    answers => text(`The model says: ${answers.capital_question}`)),
  test_input_required_result_list_roots: context => asking(context, { client_roots: inputRequired.listRoots() },
    answers => text(`Roots: ${answers.client_roots}`)),
  test_input_required_result_request_state: confirmed,
  test_input_required_result_tampered_state: confirmed,
  test_input_required_result_multiple_inputs: context => asking(context,
    { user_name: userName(), greeting: model('Generate a greeting', 50), client_roots: inputRequired.listRoots() },
    answers => text(`${answers.greeting} ${answers.user_name}, ${answers.client_roots}`), { asked: 3 }),
  async test_input_required_result_multi_round(context) {
    const name = context.mcpReq.requestState()?.name;
    if (name === undefined) {
      const first = answered(context, 'step1');
      if (first === undefined) {
        return inputRequired({ inputRequests: { step1: form('Step 1: What is your name?', { name: { type: 'string' } }) }, requestState: await states.mint({ step: 1 }) });
      }
      return inputRequired({ inputRequests: { step2: form('Step 2: What is your favorite color?', { color: { type: 'string' } }) },
        requestState: await states.mint({ step: 2, name: first }) });
    }
    return asking(context, { step2: form('Step 2: What is your favorite color?', { color: { type: 'string' } }) },
      answers => text(`${name} likes ${answers.step2}`), { step: 2, name });
  },
  async test_input_required_result_capabilities(context) {
    const can = context.mcpReq.envelope?.['io.modelcontextprotocol/clientCapabilities'] ?? {};
    const questions = { ...can.elicitation && { user_name: userName() }, ...can.sampling && { greeting: model('Generate a greeting', 50) },
      ...can.roots && { client_roots: inputRequired.listRoots() } };
    return asking(context, questions, answers => text(`Asked ${Object.keys(answers).length} things`));
  },
};

/** The state must come back with the answer, as it was. */
function confirmed(context) {
  const state = context.mcpReq.requestState();
  return asking(context, { confirm: form('Please confirm', { ok: { type: 'boolean' } }) },
    answers => state?.asked === 'confirm' ? text(`state-ok: ${answers.confirm}`) : { ...text('the state is missing'), isError: true }, { asked: 'confirm' });
}

function addTools(server, notify) {
  for (const [name, result] of Object.entries(CONTENT)) {
    server.registerTool(name, { description: 'Answers with one kind of content', inputSchema: z.object({}), annotations: { readOnlyHint: true } }, () => result);
  }
  for (const [name, answer] of Object.entries(PLAIN)) {
    server.registerTool(name, { description: 'Does what its name says', inputSchema: z.object({}) }, (_, context) => answer(context));
  }
  server.registerTool('test_sampling', { description: "Asks the client's model", inputSchema: z.object({ prompt: z.string() }) },
    ({ prompt }, context) => asking(context, { sampling: model(prompt, 100) }, answers => text(`LLM response: ${answers.sampling}`)));
  server.registerTool('test_elicitation', { description: "Asks the client's user", inputSchema: z.object({ message: z.string() }) },
    ({ message }, context) => asking(context, { response: form(message,
      { username: { type: 'string', description: "User's response" }, email: { type: 'string', description: "User's email address" } }) },
    answers => text(`User response: ${answers.response}`)));
  server.registerTool('json_schema_2020_12_tool', { description: 'Has most keywords of JSON Schema 2020-12', inputSchema: fromJsonSchema(CONTACT) },
    given => text(`JSON Schema 2020-12 tool called with: ${Object.keys(given)}`));
  server.registerTool('test_custom_header', { description: 'Has an argument that is repeated in a header', inputSchema: fromJsonSchema({ type: 'object',
    properties: { value: { type: 'string', 'x-mcp-header': 'Value' } }, required: ['value'] }) }, ({ value }) => text(`Value: ${value}`));
  for (const [name, change, announce] of [['test_trigger_tool_change', () => notify?.toolsChanged(), () => server.sendToolListChanged()],
    ['test_trigger_prompt_change', () => notify?.promptsChanged(), () => server.sendPromptListChanged()]]) {
    server.registerTool(name, { description: 'Tells all who listen that a list has changed', inputSchema: z.object({}) }, () => {
      // Over HTTP only the handler of all requests knows who listens.
      if (notify) change();
      else announce();
      return text('Told');
    });
  }
}

export const TOOLS = Object.keys(CONTENT).length + Object.keys(PLAIN).length + 6;

function addResources(server) {
  server.registerResource('Static text', 'test://static-text', { description: 'A text that never changes', mimeType: 'text/plain' },
    uri => ({ contents: [{ uri: uri.href, mimeType: 'text/plain', text: 'This is the content of the static text resource.' }] }));
  server.registerResource('Static picture', 'test://static-binary', { description: 'A picture that never changes', mimeType: 'image/png' },
    uri => ({ contents: [{ uri: uri.href, mimeType: 'image/png', blob: PNG }] }));
  server.registerResource('Watched', WATCHED, { description: 'Something to subscribe to', mimeType: 'text/plain' },
    uri => ({ contents: [{ uri: uri.href, mimeType: 'text/plain', text: 'Watched resource content' }] }));
  server.registerResource('Data by id', new ResourceTemplate('test://template/{id}/data', { list: undefined }),
    { description: 'Data for any id', mimeType: 'application/json' },
    (uri, { id }) => ({ contents: [{ uri: uri.href, mimeType: 'application/json', text: JSON.stringify({ id, templateTest: true, data: `Data for ID: ${id}` }) }] }));
  // Nothing of it ever changes, so nobody has to be remembered.
  for (const method of ['resources/subscribe', 'resources/unsubscribe']) server.server.setRequestHandler(method, () => ({}));
}

function addPrompts(server) {
  const prompt = (name, argsSchema, messages) => server.registerPrompt(name, { description: 'One of each kind', ...argsSchema && { argsSchema: z.object(argsSchema) } }, messages);
  prompt('test_simple_prompt', undefined, () => ({ messages: [user({ type: 'text', text: 'This is a simple prompt for testing.' })] }));
  prompt('test_prompt_with_arguments',
    { arg1: completable(z.string(), typed => SUGGESTIONS.filter(suggestion => suggestion.startsWith(typed))), arg2: z.string() },
    ({ arg1, arg2 }) => ({ messages: [user({ type: 'text', text: `Prompt with arguments: arg1='${arg1}', arg2='${arg2}'` })] }));
  prompt('test_prompt_with_embedded_resource', { resourceUri: z.string() }, ({ resourceUri }) => ({ messages: [
    user({ type: 'resource', resource: { uri: resourceUri, mimeType: 'text/plain', text: 'Embedded resource content for testing.' } }),
    user({ type: 'text', text: 'Please process the embedded resource above.' })] }));
  prompt('test_prompt_with_image', undefined, () => ({ messages: [user({ type: 'image', data: PNG, mimeType: 'image/png' }),
    user({ type: 'text', text: 'Please analyze the image above.' })] }));
  prompt('test_input_required_result_prompt', undefined, context => asking(context,
    { user_context: form('What context should the prompt use?', { context: { type: 'string' } }) },
    answers => ({ messages: [user({ type: 'text', text: `Use this context: ${answers.user_context}` })] })));
}

/** `notify` announces changes where the SDK cannot know who listens (HTTP, modern); elsewhere the server object does it. */
export function createServer({ notify }) {
  const server = new McpServer({ name: 'v2-everything', version: '1.0.0' }, {
    capabilities: { tools: { listChanged: true }, prompts: { listChanged: true }, resources: { subscribe: true, listChanged: true }, completions: {}, logging: {} },
    requestState: { verify: states.verify },
  });
  addTools(server, notify);
  addResources(server);
  addPrompts(server);
  return server;
}

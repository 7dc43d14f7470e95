// One server of the TypeScript SDK v2 for both eras: written once, served by v2-stdio.mjs (behind the product) and, to prove the
// clients without the product, by v2-http.mjs.
import { McpServer, ResourceTemplate, completable, inputRequired, acceptedContent } from '@modelcontextprotocol/server';
import { z } from 'zod';

const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==';
const PEOPLE = ['Ada', 'Alan', 'Grace'];

/** What became of each `slow` call, by its mark. Belongs to the process: over HTTP each request has a server object of its own. */
const fates = new Map();
let announced = 0;

const text = value => ({ content: [{ type: 'text', text: value }] });

/** Resolves after `ms`; sooner, with false, when the signal fires. */
const pause = (ms, signal) => new Promise(resolve => {
  const timer = setTimeout(() => resolve(true), ms);
  signal.addEventListener('abort', () => {
    clearTimeout(timer);
    resolve(false);
  }, { once: true });
});

/** `changed` announces a new tool list where the SDK cannot know who listens (HTTP); on stdio the server object does it. */
export function createServer({ changed } = {}) {
  const server = new McpServer({ name: 'interop-v2', version: '1.0.0' },
    { capabilities: { tools: { listChanged: true }, resources: {}, prompts: {}, completions: {}, logging: {} } });

  server.registerTool('echo', { description: 'Gives the text back', inputSchema: z.object({ text: z.string() }),
    annotations: { readOnlyHint: true } }, ({ text: given }) => text(given));

  server.registerTool('measure', { description: 'Length and upper case of a text', inputSchema: z.object({ text: z.string().describe('Any text, for example five5') }),
    outputSchema: z.object({ length: z.number(), upper: z.string() }), annotations: { readOnlyHint: true } },
  ({ text: given }) => {
    const measured = { length: given.length, upper: given.toUpperCase() };
    return { content: [{ type: 'text', text: JSON.stringify(measured) }], structuredContent: measured };
  });

  server.registerTool('steps', { description: 'Reports progress, then ends',
    inputSchema: z.object({ count: z.number().int(), label: z.string(), pauseMs: z.number().int().default(10) }) },
  async ({ count, label, pauseMs }, context) => {
    const progressToken = context.mcpReq._meta?.progressToken;
    await context.mcpReq.log('info', `${label} begins`);
    for (let step = 1; step <= count; step++) {
      await pause(pauseMs, context.mcpReq.signal);
      if (progressToken !== undefined) {
        await context.mcpReq.notify({ method: 'notifications/progress',
          params: { progressToken, progress: step, total: count, message: `${label} ${step}` } });
      }
    }
    return text(`${label} done`);
  });

  server.registerTool('slow', { description: 'Waits until it is over or cancelled, and remembers which',
    inputSchema: z.object({ mark: z.string(), seconds: z.number() }) },
  async ({ mark, seconds }, context) => {
    fates.set(mark, 'running');
    const waited = await pause(seconds * 1000, context.mcpReq.signal);
    fates.set(mark, waited ? 'finished' : 'cancelled');
    return text(fates.get(mark));
  });

  server.registerTool('fate', { description: 'What became of a slow call', inputSchema: z.object({ mark: z.string() }) },
    ({ mark }) => text(fates.get(mark) ?? 'unknown'));

  server.registerTool('ask', { description: 'Asks for a name, then greets', inputSchema: z.object({ greeting: z.string() }) },
    ({ greeting }, context) => {
      const answer = acceptedContent(context.mcpReq.inputResponses, 'name', z.object({ name: z.string() }));
      const requestState = `asked to say ${greeting}`;
      if (answer && context.mcpReq.requestState() === requestState) return text(`${greeting}, ${answer.name}!`);
      return inputRequired({ requestState, inputRequests: { name: inputRequired.elicit({ message: 'Who are you?',
        requestedSchema: { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] } }) } });
    });

  server.registerTool('fail', { description: 'Always fails', inputSchema: z.object({}) }, () => {
    throw new Error('this tool fails on purpose');
  });

  server.registerTool('announce', { description: 'Says that the list of tools has changed', inputSchema: z.object({}) }, () => {
    if (changed) changed();
    else server.sendToolListChanged();
    return text(`announced ${++announced}`);
  });

  server.registerResource('welcome', 'note://welcome', { description: 'A text', mimeType: 'text/plain' },
    uri => ({ contents: [{ uri: uri.href, mimeType: 'text/plain', text: 'Welcome to the v2 server.' }] }));

  server.registerResource('pixel', 'note://pixel', { description: 'A picture', mimeType: 'image/png' },
    uri => ({ contents: [{ uri: uri.href, mimeType: 'image/png', blob: PIXEL }] }));

  server.registerResource('item', new ResourceTemplate('note://item/{id}', { list: undefined }),
    { description: 'A numbered note', mimeType: 'text/plain' },
    (uri, { id }) => ({ contents: [{ uri: uri.href, mimeType: 'text/plain', text: `Note number ${id}.` }] }));

  server.registerPrompt('greet', { description: 'Greets somebody',
    argsSchema: z.object({ name: completable(z.string(), value => PEOPLE.filter(name => name.startsWith(value))) }) },
  ({ name }) => ({ messages: [{ role: 'user', content: { type: 'text', text: `Say hello to ${name}.` } }] }));

  return server;
}

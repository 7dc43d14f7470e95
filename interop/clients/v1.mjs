// The TypeScript SDK v1: speaks the handshake eras only.
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { ElicitRequestSchema, ResultSchema, ToolListChangedNotificationSchema } from '@modelcontextprotocol/sdk/types.js';
import { asProgram, noiseOf, runChecks } from './checks.mjs';

async function connect({ url, key, command }) {
  const client = new Client({ name: 'interop-v1', version: '1.0.0' }, { capabilities: { elicitation: {} } });
  const transport = command ? new StdioClientTransport(asProgram(command)) : new StreamableHTTPClientTransport(new URL(url),
    key === undefined ? {} : { requestInit: { headers: { Authorization: `Bearer ${key}` } } });
  const noise = noiseOf(client);
  const session = {
    era: 'legacy',
    toolChanges: 0,
    listTools: async () => (await client.listTools()).tools,
    listResources: async () => (await client.listResources()).resources,
    listTemplates: async () => (await client.listResourceTemplates()).resourceTemplates,
    listPrompts: async () => (await client.listPrompts()).prompts,
    call: (name, args, options) => client.callTool({ name, arguments: args }, undefined, options),
    read: async uri => (await client.readResource({ uri })).contents,
    prompt: async (name, args) => (await client.getPrompt({ name, arguments: args })).messages,
    complete: async (name, argument, value) =>
      (await client.complete({ ref: { type: 'ref/prompt', name }, argument: { name: argument, value } })).completion.values,
    request: (method, params) => client.request({ method, params }, ResultSchema),
    watchTools: async () => undefined, // the transport opened its GET stream at the handshake
    close: async () => {
      await transport.terminateSession?.();
      await client.close();
      noise();
    },
  };
  client.setRequestHandler(ElicitRequestSchema, () => ({ action: 'accept', content: session.answer }));
  client.setNotificationHandler(ToolListChangedNotificationSchema, () => { session.toolChanges++; });
  await client.connect(transport);
  session.version = transport.protocolVersion ?? client.getServerVersion().name;
  return session;
}

await runChecks(connect);

// The MCP server behind every contender: one tool that gives its argument back. No SDK, so that what is measured is the bridge.
// Speaks the versions with a handshake, a line of JSON a message, and forgets everything at once.
import { createInterface } from 'node:readline';

const TOOL = {
  name: 'echo',
  description: 'Gives the message back',
  inputSchema: { type: 'object', properties: { message: { type: 'string' } }, required: ['message'] },
};

function resultOf(method, params) {
  switch (method) {
    case 'initialize':
      return { protocolVersion: params.protocolVersion, capabilities: { tools: {} }, serverInfo: { name: 'bench-echo', version: '1.0.0' } };
    case 'ping':
      return {};
    case 'tools/list':
      return { tools: [TOOL] };
    case 'tools/call':
      return params.name === 'echo' ? { content: [{ type: 'text', text: params.arguments.message }] } : undefined;
    default:
      return undefined;
  }
}

createInterface({ input: process.stdin }).on('line', line => {
  const { id, method, params } = JSON.parse(line);
  if (id === undefined || method === undefined) return;
  const result = resultOf(method, params);
  const answer = result === undefined ? { error: { code: -32601, message: 'Unknown here' } } : { result };
  process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', id, ...answer })}\n`);
});

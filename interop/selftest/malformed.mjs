// The judge of malformed input: a peer that does as the row says is right, and each way of doing otherwise shows.
import net from 'node:net';
import { request } from '../clients/socket.mjs';
import { Endpoint } from '../malformed/requests.mjs';
import { carryOut } from '../malformed/rows.mjs';

const ERROR = { code: -32600, message: 'Invalid request' };
const refusal = { jsonrpc: '2.0', id: 1, error: ERROR };

function response(status, body, fields = {}) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return [`HTTP/1.1 ${status} X`, 'Content-Type: application/json', `Content-Length: ${Buffer.byteLength(text)}`,
    ...Object.entries(fields).map(([name, value]) => `${name}: ${value}`), '', text].join('\r\n');
}

const CLOSING = { Connection: 'close' };
const served = (socket, id) => socket.write(response(200, { jsonrpc: '2.0', id, result: { content: [{ type: 'text', text: '1001' }] } }));
const refuses = (body, { status = 400, ...fields } = {}) => socket => socket.write(response(status, body, fields));
const half = response(400, refusal, CLOSING).slice(0, -10);

/** Name, how the row should leave the connection, what the peer does with it, what it does with the next request, what must be found. */
const CASES = [
  ['refuses and goes on', 'usable', refuses(refusal), served, undefined],
  ['refuses and closes', 'closed', socket => socket.end(response(400, refusal, CLOSING)), served, undefined],
  ['refuses in chunks', 'usable', socket => socket.write(`HTTP/1.1 400 X\r\nTransfer-Encoding: chunked\r\n\r\n${Buffer.byteLength(JSON.stringify(refusal)).toString(16)}\r\n${
    JSON.stringify(refusal)}\r\n0\r\n\r\n`), served, undefined],
  ['says which, and goes on', 'said', refuses(refusal), served, undefined],
  ['says which, and closes', 'said', socket => socket.end(response(400, refusal, CLOSING)), served, undefined],
  ['another status', 'usable', refuses(refusal, { status: 500 }), served, /status 500/],
  ['another code', 'usable', refuses({ ...refusal, error: { ...ERROR, code: -32700 } }), served, /code -32700/],
  ['the id as a string', 'usable', refuses({ ...refusal, id: '1' }), served, /id "1"/],
  ['no id', 'usable', refuses({ ...refusal, id: undefined }), served, /id undefined/],
  ['no message', 'usable', refuses({ ...refusal, error: { code: -32600 } }), served, /error\.message/],
  ['a result', 'usable', refuses({ jsonrpc: '2.0', id: 1, result: {} }), served, /code undefined/],
  ['no JSON', 'usable', refuses('<html>'), served, /code undefined/],
  ['a stack trace', 'usable', refuses({ ...refusal, error: { ...ERROR, message: 'java.lang.IllegalStateException' } }), served, /internals/],
  ['a stack trace in a field', 'usable', refuses(refusal, { 'X-Error': 'dev.sallyport.transport.Http' }), served, /internals/],
  ['closes instead', 'usable', socket => socket.end(response(400, refusal, CLOSING)), served, /is closed, expected usable/],
  ['closes without saying so', 'usable', socket => socket.end(response(400, refusal)), served, /no answer/],
  ['goes on instead', 'closed', refuses(refusal), served, /is still open, expected closed/],
  ['says it closes and does not', 'said', refuses(refusal, CLOSING), served, /is still open, expected closed/],
  ['resets', 'closed', socket => socket.resetAndDestroy(), served, /no answer/],
  ['half an answer, then the end', 'closed', socket => socket.end(half), served, /no answer/],
  ['half an answer, then a reset', 'closed', socket => socket.write(half, () => socket.resetAndDestroy()), served, /no answer/],
  ['a second answer', 'closed', socket => socket.end(response(400, refusal, CLOSING) + response(200, '{}')), served, /second answer/],
  ['a second answer, and goes on', 'usable', socket => socket.write(response(400, refusal) + response(200, '{}')), served, /afterwards: id undefined/],
  ['does not serve afterwards', 'usable', refuses(refusal), socket => socket.end(), /afterwards: no answer/],
  ['serves something else afterwards', 'usable', refuses(refusal), (socket, id) => refuses({ ...refusal, id })(socket), /afterwards: status 400/],
];

/** A peer that answers the first request of a connection and the next as it is told. */
async function peer(first, next) {
  const server = net.createServer({ allowHalfOpen: false }, socket => {
    let text = '';
    let requests = 0;
    socket.on('error', () => undefined);
    socket.on('data', part => {
      text += part;
      const whole = /^[^]*?\r\n\r\n/.exec(text)?.[0];
      const length = Number(/Content-Length: (\d+)/.exec(whole ?? '')?.[1]);
      if (whole === undefined || text.length < whole.length + length) return;
      const { id } = JSON.parse(text.slice(whole.length, whole.length + length));
      text = '';
      if (++requests === 1) first(socket);
      else next(socket, id);
    });
  });
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve));
  return server;
}

export async function malformedHolds() {
  let wrong = 0;
  for (const [name, then, first, next, due] of CASES) {
    const server = await peer(first, next);
    const { port } = server.address();
    const endpoint = new Endpoint({ url: `http://127.0.0.1:${port}/mcp` });
    const row = { group: 'self-test', name, status: 400, code: -32600, id: 1, then, bytes: request('POST', '/mcp', { Host: 'x' }, '{"id":1}') };
    const { problems } = await carryOut(row, port, endpoint.good(), 300);
    server.close();
    const right = due === undefined ? problems.length === 0 : problems.some(problem => due.test(problem));
    console.log(`${right ? '✓' : '✗'} malformed input, the peer: ${name}: ${problems.join('; ') || 'nothing wrong'}`);
    if (!right) wrong++;
  }
  return wrong === 0;
}

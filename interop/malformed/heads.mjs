// HTTP as no client of ours writes it: RFC 9112 and 9110, and mcp-reference SH-02, SH-05, SH-19, SH-23, 4-T17, 4-T18, security T57.
// A message whose end nobody can be sure of ends the connection (RFC 9112, 11.2); one refused by its head says whether it does.
import { modern } from './requests.mjs';
import { group } from './rows.mjs';

const BODY = JSON.stringify(modern(1));
const CHUNKED = 'Transfer-Encoding: chunked\r\n\r\n';
const SMUGGLED = 'GET /mcp HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n';

const row = (name, status, bytes, more = {}) => ({ name, status, bytes, ...more });

function requestLines({ host, path }) {
  const end = `\r\nHost: ${host}\r\n\r\n`;
  return group('request line', { then: 'closed' }, [
    row('no HTTP at all', 400, 'hello\r\n\r\n'),
    row('a TLS greeting', 400, '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n'),
    row('no target', 400, `POST HTTP/1.1${end}`),
    row('no version', 400, `POST ${path}${end}`),
    row('version 9.9', 505, `POST ${path} HTTP/9.9${end}`),
    row('a version in small letters', 400, `POST ${path} http/1.1${end}`), // RFC 9112, 2.3
    row('another protocol', 400, `POST ${path} ICAP/1.0${end}`),
    row('the preface of HTTP/2, then garbage', 505, 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x00\x00\xff\x04\x00\x00\x00\x00\x00garbage'),
    row('a method that is no token', 400, `P@ST ${path} HTTP/1.1${end}`),
    row('a target with a space', 400, `POST ${path} x HTTP/1.1${end}`),
    row('a target with a NUL', 400, `POST ${path}\0 HTTP/1.1${end}`),
    row('a target with a raw byte', 400, `POST ${path}\xe9 HTTP/1.1${end}`),
    row('a target with a fragment', 400, `POST ${path}#x HTTP/1.1${end}`),
    row('a relative target', 400, `POST mcp HTTP/1.1${end}`),
    row('a tunnel', 400, `CONNECT ${host} HTTP/1.1${end}`),
    row('an asterisk without OPTIONS', 400, `POST * HTTP/1.1${end}`),
    row('a return without line feed', 400, `POST ${path} HTTP/1.1\rHost: ${host}\r\r\n\r\n`),
    row('a target of 100,000 characters', 414, `POST /${'a'.repeat(100_000)}`),
  ]);
}

function hosts(endpoint) {
  const { host, path } = endpoint;
  const line = `POST ${path} HTTP/1.1\r\n`;
  return [
    ...group('Host', { then: 'closed' }, [ // RFC 9112, 3.2: 400 for none, for several, for one that is invalid
      row('none', 400, `${line}X: y\r\n\r\n`),
      row('two', 400, `${line}Host: ${host}\r\nHost: evil.example\r\n\r\n`),
      row('the same twice', 400, `${line}Host: ${host}\r\nhost: ${host}\r\n\r\n`),
      row('an empty one', 400, `${line}Host:\r\n\r\n`),
      row('with a path', 400, `${line}Host: ${host}/evil\r\n\r\n`),
      row('with a user', 400, `${line}Host: evil@${host}\r\n\r\n`),
      row('with a list', 400, `${line}Host: ${host}, evil.example\r\n\r\n`),
      row('another in the target', [400, 403], `POST http://evil.example${path} HTTP/1.1\r\nHost: ${host}\r\n\r\n`),
    ]),
    ...group('Host', { then: 'said' }, [ // SH-05
      row('of somebody else', 403, endpoint.modern(modern(1), { Host: 'evil.example' })),
      row('that begins like ours', 403, endpoint.modern(modern(1), { Host: `${host.split(':')[0]}.evil.example` })),
    ]),
    ...group('Origin', { then: 'said' }, [ // SH-02, 4-T17
      row('of somebody else', 403, endpoint.modern(modern(1), { Origin: 'https://evil.example' })),
      row('null', 403, endpoint.modern(modern(1), { Origin: 'null' })),
      row('two', 403, endpoint.modern(modern(1), { Origin: [`http://${host}`, 'https://evil.example'] })),
      row('at another port', 403, endpoint.modern(modern(1), { Origin: 'http://127.0.0.1:1' })),
      row('that begins like ours', 403, endpoint.modern(modern(1), { Origin: `http://${host}.evil.example` })),
      row('of somebody else, to read a stream', 403, endpoint.without('GET', { Origin: 'https://evil.example', Accept: 'text/event-stream' })),
    ]),
  ];
}

function fields(endpoint) {
  const post = extra => `${endpoint.head('POST', extra)}Content-Length: 0\r\n\r\n`;
  return group('header field', { then: 'closed' }, [ // RFC 9112, 5
    row('a space before the colon', 400, post('X : y\r\n')),
    row('folded', 400, post('X: y\r\n z\r\n')),
    row('folded with a tab', 400, post('X: y\r\n\tz\r\n')),
    row('white space before the first', 400, `POST ${endpoint.path} HTTP/1.1\r\n Host: ${endpoint.host}\r\n\r\n`),
    row('no colon', 400, post('evil\r\n')),
    row('no name', 400, post(': evil\r\n')),
    row('a name that is no token', 400, post('X(y): z\r\n')),
    row('a NUL in the value', 400, post('X: a\0b\r\n')),
    row('a return in the value', 400, post('X: a\rb\r\n')),
    row('an expectation nobody knows', 417, post('Expect: evil\r\n')),
    row('100,000 characters', 431, post(`X: ${'a'.repeat(100_000)}\r\n`)),
    row('10,000 of Mcp-Param', 431, post(Array.from({ length: 10_000 }, (_, i) => `Mcp-Param-${i}: x\r\n`).join(''))), // HD-19
  ]);
}

function framing(endpoint) {
  const post = (framed, body) => endpoint.head('POST', framed) + body;
  const length = (value, body = BODY) => post(`Content-Length:${value}\r\n`, `\r\n${body}`);
  const size = Buffer.byteLength(BODY);
  const hex = size.toString(16);
  const chunks = text => post('', CHUNKED + text);
  return [
    ...group('framing', { then: 'closed' }, [ // RFC 9112, 6.1 to 6.3, 7.1 and 11.2
      row('a length, then chunks', 400, post('Content-Length: 5\r\n', `${CHUNKED}0\r\n\r\n${SMUGGLED}`)),
      row('chunks, then a length', 400, post('Transfer-Encoding: chunked\r\nContent-Length: 5\r\n', `\r\n0\r\n\r\n${SMUGGLED}`)),
      row('two lengths', 400, post(`Content-Length: ${size}\r\nContent-Length: 3\r\n`, `\r\n${BODY}${SMUGGLED}`)),
      row('two lengths in one field', 400, length(` ${size}, 3`, BODY + SMUGGLED)),
      row('a negative length', 400, length(' -1')),
      row('a signed length', 400, length(` +${size}`)),
      row('a hexadecimal length', 400, length(` 0x${hex}`)),
      row('an empty length', 400, length('')),
      row('a length in words', 400, length(' many')),
      row('a length of 30 digits', 400, length(` ${'9'.repeat(30)}`)),
      row('a length with a space in it', 400, length(' 1 0')),
      row('a compression that is not read', 501, post('Transfer-Encoding: gzip, chunked\r\n', `\r\n0\r\n\r\n`)),
      row('a coding that does not end in chunks', 400, post('Transfer-Encoding: chunked, evil\r\n', `\r\n0\r\n\r\n${SMUGGLED}`)),
      row('chunks twice', 400, post('Transfer-Encoding: chunked, chunked\r\n', `\r\n0\r\n\r\n`)),
      row('a coding behind a control character', 400, post('Transfer-Encoding: \x0bchunked\r\n', `\r\n0\r\n\r\n${SMUGGLED}`)),
      row('chunks in HTTP/1.0', 400, post('', `${CHUNKED}0\r\n\r\n`).replace('HTTP/1.1', 'HTTP/1.0')),
      row('a chunk size in words', 400, chunks(`many\r\n${BODY}\r\n0\r\n\r\n`)),
      row('a negative chunk size', 400, chunks(`-4\r\n${BODY}\r\n0\r\n\r\n`)),
      row('no chunk size', 400, chunks(`\r\n${BODY}\r\n0\r\n\r\n`)),
      row('a chunk size of 17 digits', 400, chunks(`${'f'.repeat(17)}\r\n${BODY}\r\n0\r\n\r\n`)),
      row('a chunk longer than it says', 400, chunks(`2\r\n${BODY}\r\n0\r\n\r\n`)),
      row('chunks with line feeds alone', 400, chunks(`${hex}\n${BODY}\n0\n\n`)),
      row('a chunk extension', 400, chunks(`${hex};evil=1\r\n${BODY}\r\n0\r\n\r\n`)), // security T57
      row('a chunk extension of 64 KiB', [400, 413, 431], chunks(`${hex};${'e'.repeat(65_536)}\r\n${BODY}\r\n0\r\n\r\n`)),
      row('half a body, then the end', [400, undefined], post(`Content-Length: ${size}\r\n`, `\r\n${BODY.slice(0, 20)}`), { finish: true }),
      row('half a head, then the end', [400, undefined], endpoint.head().slice(0, 40), { finish: true }),
    ]),
    ...group('size', { then: 'closed' }, [ // SH-23
      row('a length over 4 MiB', 413, length(` ${5 << 20}`, '')),
      row('a length over 4 MiB that waits for leave', 413, post(`Expect: 100-continue\r\nContent-Length: ${5 << 20}\r\n`, '\r\n')),
      row('5 MiB of body', 413, length(` ${5 << 20}`, 'x'.repeat(5 << 20))),
      row('5 MiB of chunks', 413, chunks(`10000\r\n${'x'.repeat(65_536)}\r\n`.repeat(80))),
    ]),
  ];
}

/** These wait for the product's deadlines, 5 s for a head and 15 s for a body (docs/limits.md). */
export function slowRows(endpoint) {
  return group('slow', { then: 'closed', together: true }, [
    row('half a head', 408, endpoint.head().slice(0, 60)),
    row('half a body', 408, `${endpoint.head('POST', `Content-Length: ${BODY.length}\r\n`)}\r\n${BODY.slice(0, 20)}`),
    row('half a chunk', 408, `${endpoint.head('POST', CHUNKED)}40\r\n${BODY.slice(0, 20)}`),
  ]);
}

function served(endpoint) {
  const call = change => endpoint.modern(modern(1), change);
  const allow = { allow: /POST/ };
  return group('content and method', { then: 'said' }, [ // 4-T18, SH-19
    row('a form', 415, call({ 'Content-Type': 'application/x-www-form-urlencoded' })),
    row('plain text', 415, call({ 'Content-Type': 'text/plain' })),
    row('no content type', 415, call({ 'Content-Type': undefined })),
    row('two content types', 415, call({ 'Content-Type': ['application/json', 'text/plain'] })),
    row('JSON in Latin-1', 415, call({ 'Content-Type': 'application/json; charset=iso-8859-1' })),
    row('a compressed body', 415, call({ 'Content-Encoding': 'gzip' })),
    row('a client that reads HTML', 406, call({ Accept: 'text/html' })),
    row('a client that refuses all we have', 406, call({ Accept: 'application/json;q=0, text/event-stream;q=0.0' })),
    row('PUT', 405, endpoint.without('PUT'), { fields: allow }),
    row('PATCH', 405, endpoint.without('PATCH'), { fields: allow }),
    row('TRACE', [405, 501], endpoint.without('TRACE'), {}),
    row('a method nobody knows', [405, 501], endpoint.without('BREW'), {}),
    row('HEAD', 405, endpoint.without('HEAD'), { fields: allow, withoutBody: true }),
    row('OPTIONS without an origin', 405, endpoint.without('OPTIONS'), { fields: allow }),
    row('another path', 404, call({}).toString().replace(endpoint.path, '/other')),
    row('a path with dots', 404, call({}).toString().replace(endpoint.path, `/x/..${endpoint.path}`)),
    row('a path in capitals', 404, call({}).toString().replace(endpoint.path, endpoint.path.toUpperCase())),
  ]);
}

export function headRows(endpoint) {
  return [...requestLines(endpoint), ...hosts(endpoint), ...fields(endpoint), ...framing(endpoint), ...served(endpoint)];
}

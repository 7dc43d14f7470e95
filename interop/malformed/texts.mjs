// Texts that are no message, for sockets and pipes alike: {name, text, code, id}. JR-01, JR-02, JR-04, JR-05, JR-15, SH-06, 4-T39, 4-T55.
// Without an id the error has none either, because none could be read.
const SOUND = '{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{}}';
const latin1 = text => Buffer.from(text, 'latin1');

const unparseable = (name, text) => ({ name, text, code: -32700 });
const invalid = (name, text, id) => ({ name, text, code: -32600, id });

/** What a strict reader of JSON in UTF-8 cannot read. None holds a line feed, so that each is a line as well. */
export const UNPARSEABLE = [
  unparseable('a word', 'hello'),
  unparseable('half an object', '{"jsonrpc":"2.0","id":1'),
  unparseable('half a string', '{"jsonrpc":"2.'),
  unparseable('a trailing comma', SOUND.replace('{}}', '{},}')),
  unparseable('two messages', SOUND + SOUND),
  unparseable('something after it', `${SOUND}x`),
  unparseable('single quotes', "{'jsonrpc':'2.0'}"),
  unparseable('a comment', `/**/${SOUND}`),
  unparseable('a leading zero', SOUND.replace(':1,', ':01,')),
  unparseable('a plus sign', SOUND.replace(':1,', ':+1,')),
  unparseable('NaN', SOUND.replace(':1,', ':NaN,')),
  unparseable('a control character in a string', SOUND.replace('tools', 'to\x01ls')),
  unparseable('an unknown escape', SOUND.replace('tools', '\\x41')),
  unparseable('half of a surrogate pair', SOUND.replace('tools', '\\ud800')),
  unparseable('a name twice', SOUND.replace('"id":1,', '"id":1,"id":2,')),
  unparseable('a name twice, once escaped', SOUND.replace('"id":1,', '"id":1,"\\u0069d":2,')),
  unparseable('a name twice deep inside', SOUND.replace('{}}', '{"a":{"b":1,"b":2}}}')),
  unparseable('1,000 levels', '['.repeat(1000) + ']'.repeat(1000)),
  unparseable('100,000 open brackets', '['.repeat(100_000)),
  unparseable('a number of 100,000 digits', SOUND.replace(':1,', `:${'9'.repeat(100_000)},`)),
  unparseable('a byte order mark', Buffer.from(`\uFEFF${SOUND}`)),
  unparseable('Latin-1', latin1(SOUND.replace('tools', 't\xf6ls'))),
  unparseable('UTF-16', Buffer.from(SOUND, 'utf16le')),
  unparseable('an overlong slash', latin1('{"\xc0\xaf":1}')),
  unparseable('a surrogate in UTF-8', latin1('{"\xed\xa0\x80":1}')),
  unparseable('a cut character', latin1('"\xc3"')),
  unparseable('64 NULs', Buffer.alloc(64)),
];

/** JSON that is no JSON-RPC message. */
export const NO_MESSAGES = [
  invalid('a string', '"hello"'),
  invalid('a number', '7'),
  invalid('null', 'null'),
  invalid('an empty object', '{}'),
  invalid('an empty batch', '[]'),
  invalid('no jsonrpc', '{"id":1,"method":"tools/list"}', 1),
  invalid('jsonrpc 1.0', '{"jsonrpc":"1.0","id":"a","method":"tools/list"}', 'a'),
  invalid('jsonrpc as a number', '{"jsonrpc":2.0,"id":1,"method":"tools/list"}', 1),
  invalid('an id of null', '{"jsonrpc":"2.0","id":null,"method":"tools/list"}'),
  invalid('a fraction as id', '{"jsonrpc":"2.0","id":1.5,"method":"tools/list"}'),
  invalid('an object as id', '{"jsonrpc":"2.0","id":{},"method":"tools/list"}'),
  invalid('true as id', '{"jsonrpc":"2.0","id":true,"method":"tools/list"}'),
  invalid('a list as id', '{"jsonrpc":"2.0","id":[1],"method":"tools/list"}'),
  invalid('no method', '{"jsonrpc":"2.0","id":1}', 1),
  invalid('a number as method', '{"jsonrpc":"2.0","id":1,"method":5}', 1),
  invalid('null as method', '{"jsonrpc":"2.0","id":"1","method":null}', '1'),
  invalid('params as a list', '{"jsonrpc":"2.0","id":1,"method":"tools/list","params":[]}', 1),
  invalid('params as a string', '{"jsonrpc":"2.0","id":1,"method":"tools/list","params":""}', 1),
  invalid('params as null', '{"jsonrpc":"2.0","id":1,"method":"tools/list","params":null}', 1),
  invalid('a method and a result', '{"jsonrpc":"2.0","id":1,"method":"tools/list","result":{}}', 1),
  invalid('a result and an error', '{"jsonrpc":"2.0","id":1,"result":{},"error":{"code":1,"message":""}}', 1),
];

#!/usr/bin/env node
// A stdio server that is sound until a lie is called by its name. Argument: legacy or modern, what it speaks. Its tool `honest` says
// whether it has been written anything a client must not write.
import readline from 'node:readline';

const era = process.argv[2];
const MIB = 1 << 20;
let spoilt = false;
let asked = 0;

const out = data => process.stdout.write(data);
const line = message => `${JSON.stringify(message)}\n`;
const text = said => ({ content: [{ type: 'text', text: said }], ...era === 'modern' ? { resultType: 'complete' } : {} });
const reply = (id, result = text('the truth')) => line({ jsonrpc: '2.0', id, result });
/** An answer of which one part is written by hand. */
const raw = (id, rest) => `{"jsonrpc":"2.0","id":${id},${rest}}\n`;

const LIES = {
  // What a reader can step over: the answer is there.
  stray_print: id => out(`Listening on port 3000\n${reply(id)}`),
  blank_lines: id => out(`\n\n\r\n${reply(id)}\n`),
  return_before_line_feed: id => out(reply(id).replace('\n', '\r\n')),
  byte_by_byte: id => { for (const byte of Buffer.from(reply(id, text('the truth: ü 漢 🚪')))) out(Buffer.of(byte)); },
  nul_line: id => out(Buffer.concat([Buffer.alloc(64), Buffer.from(`\n${reply(id)}`)])),
  id_as_string: id => out(reply(String(id))),
  wrong_id_first: id => out(reply(id + 1_000_000, text('not yours')) + reply(id)),
  null_id_first: id => out(line({ jsonrpc: '2.0', id: null, error: { code: -32700, message: 'what?' } }) + reply(id)),
  answer_twice: id => out(reply(id) + reply(id, text('something else'))),
  foreign_progress: id => out(line({ jsonrpc: '2.0', method: 'notifications/progress', params: { progressToken: 'no such', progress: 1 } }) + reply(id)),
  unknown_notification: id => out(line({ jsonrpc: '2.0', method: 'x/y', params: {} }) + reply(id)),
  a_request_nobody_may_answer: id => {
    // A modern server may not ask this way and gets no answer (CS-02); a legacy one is told that nobody declared it (CS-17).
    out(line({ jsonrpc: '2.0', id: `ask-${++asked}`, method: 'elicitation/create', params: { message: 'Well?', requestedSchema: { type: 'object', properties: {} } } }));
    if (era === 'modern') out(reply(id));
    else waiting = answer => out(reply(id, text(answer.error?.code === -32601 ? 'the truth' : 'it was answered')));
  },
  a_flood_on_stderr: id => process.stderr.write(`${'trouble '.repeat(16)}\n`.repeat(16_384), () => out(reply(id))),
  two_mib: id => out(reply(id, text(`the truth${'.'.repeat(2 * MIB)}`))),

  // What cannot be read, so that nobody knows whom it answers.
  nothing: () => undefined,
  garbage: () => out('Listening on port 3000\n<html>\n'),
  half_a_line: id => out(reply(id).slice(0, 20)),
  two_on_a_line: id => out(reply(id).trimEnd() + reply(id)),
  wrong_id: id => out(reply(id + 1_000_000)),
  a_fraction_as_id: id => out(raw(`${id}.5`, '"result":{}')),
  null_as_id: () => out(raw('null', '"result":{}')),
  a_list_as_id: id => out(raw(`[${id}]`, '"result":{}')),
  a_name_twice: id => out(raw(id, '"result":{"content":[],"content":[{"type":"text","text":"evil"}]}')),
  two_ids: id => out(raw(id, `"id":${id},"result":{"content":[]}`)),
  no_utf8: id => out(Buffer.from(reply(id, text('l\u00fcge')), 'latin1')),
  a_byte_order_mark: id => out(`\uFEFF${reply(id)}`),
  too_deep: id => out(raw(id, `"result":{"content":[],"x":${'['.repeat(5000)}${']'.repeat(5000)}}`)),

  // What names the call and answers it badly.
  result_as_text: id => out(raw(id, '"result":"fine"')),
  result_as_list: id => out(raw(id, '"result":[]')),
  result_as_null: id => out(raw(id, '"result":null')),
  result_as_number: id => out(raw(id, '"result":7')),
  result_and_error: id => out(raw(id, '"result":{},"error":{"code":1,"message":"no"}')),
  neither: id => out(raw(id, '"x":1')),
  no_jsonrpc: id => out(`{"id":${id},"result":{"content":[]}}\n`),
  error_as_text: id => out(raw(id, '"error":"no"')),
  error_as_list: id => out(raw(id, '"error":[1]')),
  error_as_null: id => out(raw(id, '"error":null')),
  error_without_code: id => out(raw(id, '"error":{"message":"no"}')),
  error_with_a_word_as_code: id => out(raw(id, '"error":{"code":"E_FAIL","message":"no"}')),
  error_with_a_fraction_as_code: id => out(raw(id, '"error":{"code":1.5,"message":"no"}')),
  error_with_a_huge_code: id => out(raw(id, '"error":{"code":99999999999999,"message":"no"}')),
  error_with_a_reserved_code: id => out(raw(id, '"error":{"code":-32055,"message":"no"}')),
  a_line_of_17_mib: id => out(reply(id, text('.'.repeat(17 * MIB)))),
  one_thousand_lines_of_garbage: () => out('what?\n'.repeat(1_100)),
  the_end: () => process.exit(3),
  the_end_in_mid_line: id => process.stdout.write(reply(id).slice(0, 20), () => process.exit(3)),
  a_crash: () => process.kill(process.pid, 'SIGKILL'),
};

const MODERN_LIES = {
  an_unknown_result_type: id => out(reply(id, { ...text('x'), resultType: 'surprise' })),
  a_number_as_result_type: id => out(reply(id, { ...text('x'), resultType: 7 })),
  questions_nobody_declared: id => out(reply(id, { resultType: 'input_required',
    inputRequests: { q: { method: 'elicitation/create', params: { message: 'Well?', requestedSchema: { type: 'object', properties: {} } } } } })),
  input_required_of_nothing: id => out(reply(id, { resultType: 'input_required' })),
  questions_as_a_list: id => out(reply(id, { resultType: 'input_required', inputRequests: [], requestState: 'x' })),
};

const lies = { ...LIES, ...era === 'modern' ? MODERN_LIES : {} };
const tools = ['honest', ...Object.keys(lies)].map(name => ({ name, inputSchema: { type: 'object' } }));
const LISTED = { tools, ...era === 'modern' ? { resultType: 'complete', ttlMs: 0, cacheScope: 'private' } : {} };
let waiting;

function answer({ id, method, params, result, error }) {
  if (method === undefined) {
    if (waiting === undefined) spoilt = true;
    else waiting({ result, error });
    waiting = undefined;
  } else if (id === undefined) {
    return;
  } else if (method === 'tools/call') {
    if (params.name === 'honest') out(reply(id, text(spoilt ? 'somebody answered what was not asked' : 'the truth')));
    else lies[params.name](id);
  } else if (method === 'tools/list') {
    out(reply(id, LISTED));
  } else if (method === 'server/discover' && era === 'modern') {
    out(reply(id, { resultType: 'complete', supportedVersions: ['2026-07-28'], capabilities: { tools: {} }, ttlMs: 0, cacheScope: 'private' }));
  } else if (method === 'initialize' && era === 'legacy') {
    out(reply(id, { protocolVersion: '2025-11-25', capabilities: { tools: {} }, serverInfo: { name: 'liar', version: '1.0.0' } }));
  } else {
    out(line({ jsonrpc: '2.0', id, error: { code: -32601, message: 'no such method' } }));
  }
}

readline.createInterface({ input: process.stdin }).on('line', said => answer(JSON.parse(said))).on('close', () => process.exit(0));

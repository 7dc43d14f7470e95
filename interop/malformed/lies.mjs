// What callers get when the server behind `share` lies (CS-03, CS-06, JR-10, MR-03, MR-05, 4-T44, 4-T55, A.3.1: an upstream's failure is
// 200 and -32603). `servers/liar.mjs` has one tool for each lie, by these names; the next call must be served.
import { message, modern } from './requests.mjs';
import { group } from './rows.mjs';

/** The answer is there all the same: the caller gets it, and only it. */
const ANSWERED = ['stray_print', 'blank_lines', 'return_before_line_feed', 'byte_by_byte', 'nul_line', 'id_as_string', 'wrong_id_first', 'null_id_first',
  'answer_twice', 'foreign_progress', 'unknown_notification', 'a_request_nobody_may_answer', 'a_flood_on_stderr', 'two_mib'];

/** Nothing says which call was meant: -32603 after the call's time limit. These wait for it together. */
const UNREADABLE = ['garbage', 'two_on_a_line', 'wrong_id', 'a_fraction_as_id', 'null_as_id', 'a_list_as_id', 'a_name_twice', 'two_ids',
  'no_utf8', 'a_byte_order_mark', 'too_deep'];

/** -32603: at once, or, after silence and half a line, with an end of the child. */
const FAILED = ['nothing', 'half_a_line', 'result_as_text', 'result_as_list', 'result_as_null', 'result_as_number', 'result_and_error', 'neither',
  'no_jsonrpc', 'error_as_text', 'error_as_list', 'error_as_null', 'error_without_code', 'error_with_a_word_as_code', 'error_with_a_fraction_as_code',
  'error_with_a_huge_code', 'error_with_a_reserved_code', 'a_line_of_17_mib', 'one_thousand_lines_of_garbage', 'the_end', 'the_end_in_mid_line', 'a_crash'];

const MODERN_ONLY = ['an_unknown_result_type', 'a_number_as_result_type', 'questions_nobody_declared', 'input_required_of_nothing', 'questions_as_a_list'];

export const HONEST = { name: 'honest', arguments: {} };
export const TRUTH = 'the truth';

/** The lies of one era, each called by a client of that era; without a session it is the modern one. */
export function lieRows(endpoint, session) {
  const call = name => {
    const params = { name, arguments: {} };
    return session ? endpoint.legacy(session, message(name, 'tools/call', params)) : endpoint.modern(modern(name, 'tools/call', params));
  };
  const words = name => name.replaceAll('_', ' ');
  return group(`a child's lie, ${session ? 'legacy' : 'modern'}`, { status: 200, then: 'usable' }, [
    ...ANSWERED.map(name => ({ name: words(name), tool: name, id: name, result: TRUTH, bytes: call(name) })),
    ...UNREADABLE.map(name => ({ name: words(name), tool: name, id: name, code: -32603, together: true, bytes: call(name) })),
    ...[...FAILED, ...session ? [] : MODERN_ONLY].map(name => ({ name: words(name), tool: name, id: name, code: -32603, bytes: call(name) })),
  ]);
}

// What the rows ask with: the questions of every kind, their answers, and what must become of a question that cannot be asked.
import { textOf } from './cell.mjs';
import { inexpressible, refused, that, whole } from './verdict.mjs';

const NAME = { type: 'object', properties: { name: { type: 'string', title: 'Name', minLength: 1 } }, required: ['name'] };
export const form = (message, requestedSchema = NAME) => ({
  method: 'elicitation/create',
  params: { mode: 'form', message, requestedSchema },
});
export const sampling = more => ({
  method: 'sampling/createMessage',
  params: { messages: [{ role: 'user', content: { type: 'text', text: 'Paris?' } }], maxTokens: 20, ...more },
});
export const roots = { method: 'roots/list' };

/** The page a server wants opened; only legacy servers number theirs. */
export const page = ({ era }) => ({
  method: 'elicitation/create',
  params: {
    mode: 'url',
    message: 'Sign in there',
    url: 'https://example.com/sign-in?x=1',
    ...(era === 'legacy' ? { elicitationId: 'e-1' } : {}),
  },
});

export const ada = { action: 'accept', content: { name: 'Ada' } };
export const said = { role: 'assistant', content: { type: 'text', text: 'Yes.' }, model: 'm', stopReason: 'endTurn' };
export const folders = { roots: [{ uri: 'file:///home/ada', name: 'home' }] };

export const ask = (questions, more = {}) => [{ ask: { questions, state: 'state 1', ...more } }];

/** What a client was asked, with the mode it is asked in. */
export const asked = questions =>
  questions.map(({ method, params }) => ({ method, params: method === 'elicitation/create' ? { mode: 'form', ...params } : params }));

/**
 * A question beyond what the client declared: the server learns it from its own era, and the client is not asked. `missing` tells the
 * versions that have no word for it at all.
 */
export const beyond = (name, question, { profile, code, only = () => true, missing = () => undefined }) => ({
  name,
  due(cell) {
    if (!only(cell)) return inexpressible('this client can be asked that');
    const seen =
      cell.era === 'legacy'
        ? { client: { asked: 0, text: that('the server goes on', value => typeof value === 'string') }, upstream: { error: code } }
        : { client: { asked: 0, code: -32603 }, upstream: { calls: 1 } };
    return missing(cell) === undefined ? whole(seen) : refused(`error: ${missing(cell)}`, seen);
  },
  async see(cell) {
    const { questions, result, error, texts } = await cell.play(
      ask({ beyond: typeof question === 'function' ? question(cell) : question }),
      { profile },
    );
    const leaked = texts.includes('inputRequests') ? 1 : 0;
    return cell.era === 'legacy'
      ? { client: { asked: questions.length, text: textOf(result) }, upstream: { error: cell.answers().beyond?.error?.code } }
      : { client: { asked: questions.length + leaked, code: error?.code }, upstream: { calls: cell.calls().length } };
  },
});

// What a cell of the table is: what is due by the reference, what was seen, and what follows from the two.

/** The row's feature works as in one era alone. */
export const whole = seen => ({ kind: 'ok', ...seen });

/** It works, but for what the reference says must be lost between these two; `seen` is what has to be seen all the same. */
export const lost = (what, seen) => ({ kind: 'lost', text: `lost: ${what}`, ...seen });

/** It cannot work between these two, and a clear error is what the reference asks for. */
export const refused = (text, seen) => ({ kind: 'error', text, ...seen });

/** There is nothing to observe: one of the two has no such thing. */
export const inexpressible = reason => ({ kind: 'none', reason });

/** For `due`: any value that passes, under a name that a failure can show. */
export function that(name, passes) {
  return Object.defineProperty(value => passes(value), 'name', { value: name });
}

export const oneOf = (...values) =>
  that(`one of ${values.map(value => JSON.stringify(value)).join(', ')}`, value =>
    values.some(each => differences(each, value).length === 0),
  );
export const text = that('a text', value => typeof value === 'string' && value !== '');
export const absent = that('nothing', value => value === undefined);

const shown = value => (typeof value === 'function' ? value.name : value === undefined ? 'nothing' : JSON.stringify(value));

/** Where `seen` is not what is due: [{path, due, seen}]. An array must have the same length, an object the same members. */
export function differences(due, seen, path = []) {
  if (typeof due === 'function') return due(seen) ? [] : [{ path, due: due.name, seen: shown(seen) }];
  if (due === null || typeof due !== 'object') return Object.is(due, seen) ? [] : [{ path, due: shown(due), seen: shown(seen) }];
  if (seen === null || typeof seen !== 'object' || Array.isArray(due) !== Array.isArray(seen))
    return [{ path, due: shown(due), seen: shown(seen) }];
  if (Array.isArray(due) && due.length !== seen.length) return [{ path, due: shown(due), seen: shown(seen) }];
  const members = new Set([...Object.keys(due), ...Object.keys(seen)]);
  return [...members].flatMap(member => differences(due[member], seen[member], [...path, member]));
}

/**
 * One cell: {state, text, problems, reasons}. `observed` has an entry for each part of the row: {name, due, seen} or {name, due, failure}.
 * A part without an observation has NOT RUN, unless there is nothing to observe.
 */
export function cellOf(parts, observed) {
  const problems = [];
  const reasons = [];
  const texts = [];
  let state = 'none';
  for (const [name, outcome] of parts.map(({ name }) => [name, observed.get(name)])) {
    if (outcome === undefined)
      return { state: 'NOT RUN', text: 'NOT RUN', problems: [{ part: name, path: '', due: 'an observation', seen: 'nothing' }], reasons };
    const { due, seen, failure } = outcome;
    if (due.kind === 'none') {
      reasons.push(due.reason);
      continue;
    }
    if (state === 'none') state = 'ok';
    if (failure !== undefined) problems.push({ part: name, path: 'observing', due: 'an observation', seen: failure });
    else if (seen === undefined || (seen.client === undefined && seen.upstream === undefined))
      return { state: 'NOT RUN', text: 'NOT RUN', problems: [{ part: name, path: '', due: 'an observation', seen: 'nothing' }], reasons };
    else {
      for (const side of ['client', 'upstream']) {
        for (const each of differences(due[side], seen[side], [side])) problems.push({ part: name, ...each, path: each.path.join('.') });
      }
    }
    if (due.text !== undefined && !texts.includes(due.text)) texts.push(due.text);
  }
  if (problems.length > 0) return { state: 'FAIL', text: 'FAIL', problems, reasons };
  if (state === 'none') return { state: 'none', text: '–', problems, reasons };
  return { state: 'ok', text: texts.join('; ') || 'ok', problems, reasons };
}

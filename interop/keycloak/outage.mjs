// Keycloak is away for longer than a verified token is trusted unseen: whoever is signed in goes on, also with a token that nobody has shown
// yet; a gateway without keys says so; and afterwards everything is as before.
import { randomUUID } from 'node:crypto';
import { Browser, challenge, said } from './browser.mjs';
import { caller, echoes, ERAS, Gateway, knock, Traffic } from './gateway.mjs';
import { sleep } from '../process.mjs';

/** Verified tokens are looked at again after 60 s. */
const AWAY_MS = 66_000;

export async function outage(ground) {
  const { sheet, keycloak, url, people } = ground;
  const { ann, ben, nightly } = people;
  const callers = [];
  for (const tokens of [ann.tokens, ben.tokens, nightly.tokens]) for (const era of ERAS) callers.push(await caller(url, era, tokens));
  const listening = await caller(url, 'legacy', ann.tokens);
  await listening.listen();
  const unseen = await ann.client.refresh(ann.tokens, url);
  const traffic = new Traffic(callers);
  await keycloak.stop();
  const since = Date.now();
  sheet.row('Keycloak', 'is away', await keycloak.answers() ? 'IT ANSWERS' : 'nobody answers', !await keycloak.answers());
  const taken = await echoes(await caller(url, 'modern', unseen), 'unseen').catch(error => error.message);
  sheet.row('a token that was never shown before', 'is judged with the keys that are known', taken ?? 'its call is answered', taken === undefined);
  const unknown = forged(unseen.access_token);
  const told = await knock(url, unknown);
  sheet.row('a token of a key that nobody knows', '401, invalid_token', `${told.status}, ${challenge(told.challenge).error}`, told.status === 401 && challenge(told.challenge).error === 'invalid_token');
  const others = await withoutKeys(ground, unseen);
  await sleep(Math.max(0, since + AWAY_MS - Date.now()));
  const going = await Promise.race([listening.stream.then(() => 'it ended'), sleep(200).then(() => 'it goes on')]);
  sheet.row('a stream that was open before', 'goes on', going, going === 'it goes on');
  const away = Math.round((Date.now() - since) / 1000);
  await late(ground);
  sheet.row('Keycloak comes back', 'with the same database', `after ${away} s, in ${(await keycloak.start()).toFixed(0)} s`, true);
  const came = await traffic.stop();
  sheet.row(`everybody who was signed in, ${away} s and the start`, 'no failed call', came, traffic.failed.length === 0 && traffic.calls > 100);
  ann.tokens = await ann.client.refresh(unseen, url);
  const again = await echoes(await caller(url, 'modern', ann.tokens), 'again');
  sheet.row('her session there, afterwards', 'a refresh works, and what it gives', again ?? 'so', again === undefined);
  const browser = new Browser('ben');
  const fresh = await ben.client.signIn(browser, { scope: 'openid mcp:connect', resource: url });
  const signed = await echoes(await caller(url, 'legacy', fresh), 'fresh');
  sheet.row('somebody signs in anew', 'and calls', signed ?? 'so', signed === undefined && browser.asked === 1);
  ben.tokens = fresh;
  await byClaims(ground, others);
  await Promise.all([...callers, listening].map(who => who.close()));
}

/** The same claims under a key that does not exist. */
function forged(token) {
  const { header, claims } = said(token);
  const part = value => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ ...header, kid: randomUUID() })}.${part(claims)}.${token.split('.')[2]}`;
}

/** The token that `sessions` saw the end of. */
async function late({ sheet, url, ending }) {
  await sleep(Math.max(0, ending.refusedFrom - Date.now()));
  const { status, challenge: header, text } = await knock(url, ending.token);
  sheet.row('the token that ended more than a minute ago', '401, invalid_token, and why', `${status}, ${challenge(header).error}, ${/expired/.exec(text)?.[0]}`,
    status === 401 && challenge(header).error === 'invalid_token' && /expired/.test(text));
}

/** Gateways that start while Keycloak is away. What opens them are groups and roles, named as scopes. */
async function withoutKeys({ sheet, folder, url, configuration }, tokens) {
  const others = {};
  for (const [claim, needed] of [['groups', 'ops'], ['realm_access.roles', 'editor']]) {
    const text = configuration.replace('    access-tokens: typ=Bearer\n', `    access-tokens: typ=Bearer\n    audiences: [${JSON.stringify(url)}]\n    claims: {scopes: [${claim}]}\n`)
      .replace('scopes: [mcp:connect]', `scopes: [${needed}]`);
    const gateway = await Gateway.open(claim, folder, '127.0.0.1:0', text);
    const { status, retryAfter } = await knock(gateway.url, tokens.access_token);
    sheet.row(`a gateway started meanwhile (${claim})`, '503 with Retry-After', `${status}, Retry-After ${retryAfter}`, status === 503 && Number(retryAfter) > 0);
    others[claim] = { gateway, needed };
  }
  return others;
}

async function byClaims({ sheet, people }, others) {
  for (const [claim, { gateway, needed }] of Object.entries(others)) {
    const hers = await knock(gateway.url, people.ann.tokens.access_token);
    sheet.row(`${claim} has ${needed}`, '200', hers.status, hers.status === 200);
    const his = await knock(gateway.url, people.ben.tokens.access_token);
    const told = challenge(his.challenge);
    sheet.row(`${claim} has no ${needed}`, `403, insufficient_scope, ${needed}`, `${his.status}, ${told.error}, ${told.scope}`, his.status === 403 && told.error === 'insufficient_scope' && told.scope === needed);
    await gateway.stop();
  }
}

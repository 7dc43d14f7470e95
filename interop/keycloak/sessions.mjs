// Who is the same caller: after a refresh, in another session, through another client; and what becomes of streams when their token ends.
import { PublicClient, said } from './browser.mjs';
import { caller, ERAS, echoes, knock, leavesMark, seesMark } from './gateway.mjs';
import { sleep } from '../process.mjs';

/** Tokens are still taken for so long after their end, because clocks differ; streams end with them. */
const SKEW_S = 60;

export async function sessions(ground) {
  await refreshed(ground);
  await strangers(ground);
  await ends(ground);
}

async function refreshed({ sheet, url, people }) {
  const { ann } = people;
  for (const era of ERAS) {
    const who = await caller(url, era, ann.tokens);
    await leavesMark(who, `before-${era}`);
    const before = ann.tokens.access_token;
    ann.tokens = await ann.client.refresh(ann.tokens, url);
    who.key = ann.tokens.access_token;
    const seen = await seesMark(who, `before-${era}`);
    const jti = token => said(token).claims.jti;
    sheet.row(`${era}: a refreshed token`, 'another token, the same caller and session', `${jti(before) === jti(who.key) ? 'the same' : 'another'} token, what it did before is ${seen}`,
      jti(before) !== jti(who.key) && seen === 'finished');
    await who.close();
  }
}

async function strangers({ sheet, url, people }) {
  const { ann, ben } = people;
  const hers = await caller(url, 'legacy', ann.tokens);
  await leavesMark(hers, 'hers');
  const his = await caller(url, 'legacy', ben.tokens);
  sheet.row('another person', 'does not see it', await seesMark(his, 'hers'), await seesMark(his, 'hers') === 'unknown');
  his.session = hers.session;
  const { headers, body } = his.frame('trespass', 'tools/list', {});
  const { status } = await his.exchange('POST', headers, body);
  sheet.row('another person in her session', '404', status, status === 404);
  const elsewhere = new PublicClient(ann.client.server, 'elsewhere');
  const tokens = await elsewhere.signIn(ann.browser, { scope: 'openid mcp:connect', resource: url });
  const other = await caller(url, 'modern', tokens);
  sheet.row('she herself through another client', 'is another caller', await seesMark(other, 'hers'), await seesMark(other, 'hers') === 'unknown');
  await Promise.all([hers.close(), other.close()]);
}

/** What is open ends when the token does; a call that comes later is turned away once clocks cannot be the reason: see `outage`. */
async function ends(ground) {
  const { sheet, url, people } = ground;
  const { ann } = people;
  const hasty = new PublicClient(ann.client.server, 'hasty');
  const tokens = await hasty.signIn(ann.browser, { scope: 'openid mcp:connect', resource: url });
  const end = said(tokens.access_token).claims.exp * 1000;
  ground.ending = { token: tokens.access_token, refusedFrom: end + (SKEW_S + 2) * 1000 };
  const lasting = await caller(url, 'legacy', ann.tokens);
  await lasting.listen();
  await Promise.all(ERAS.map(async era => {
    const who = await caller(url, era, tokens);
    await who.listen();
    const last = await Promise.race([who.stream.then(() => Date.now() - end, error => `broken off: ${error.message}`), sleep(end - Date.now() + 20_000).then(() => 'it goes on')]);
    sheet.row(`${era}: a stream whose token ends`, 'ends with it, within 5 s', typeof last === 'number' ? `${last} ms after it` : last, typeof last === 'number' && last > -1_000 && last < 5_000);
  }));
  const going = await Promise.race([lasting.stream.then(() => 'it ended'), sleep(500).then(() => 'it goes on')]);
  sheet.row('a stream whose token does not', 'goes on', going, going === 'it goes on');
  const more = await hasty.refresh(tokens, url);
  const wrong = await echoes(await caller(url, 'modern', more), 'afterwards');
  sheet.row('after a refresh', 'calls are answered', wrong ?? 'calls are answered', wrong === undefined);
  await lasting.close();
  const early = await knock(url, tokens.access_token);
  sheet.row('the token that has just ended', `200, for ${SKEW_S} s`, early.status, early.status === 200);
}

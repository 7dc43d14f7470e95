// Somebody is shut out here, with `sallyport revoke`, and let in again; and somebody else is signed out at Keycloak.
import { PublicClient, said } from './browser.mjs';
import { caller, echoes, ERAS, knock } from './gateway.mjs';
import { sleep } from '../process.mjs';
import { sallyport } from '../product.mjs';

const WITHIN_MS = 5_000;

export async function revocation(ground) {
  await shutOut(ground);
  await signedOut(ground);
}

async function shutOut({ sheet, url, server, folder, people }) {
  const { ann, ben } = people;
  const revoke = async (...more) => {
    const done = await sallyport(['revoke', said(ben.tokens.access_token).claims.sub, '--issuer', server.issuer, ...more], folder, 60_000);
    if (done.code !== 0) throw done.failure(`exit code ${done.code}`);
    return Date.now();
  };
  const listeners = await Promise.all(ERAS.map(era => caller(url, era, ben.tokens)));
  const hers = await caller(url, 'legacy', ann.tokens);
  await Promise.all([...listeners, hers].map(who => who.listen()));
  const since = await revoke();
  for (const who of listeners) {
    const ended = await Promise.race([who.stream.then(() => Date.now() - since), sleep(WITHIN_MS).then(() => undefined)]);
    sheet.row(`revoked, ${who.era}: his stream`, `ends within ${WITHIN_MS / 1000} s`, ended === undefined ? 'it goes on' : `${ended} ms after it`, ended !== undefined);
  }
  const { status } = await knock(url, ben.tokens.access_token);
  const anew = await ben.client.refresh(ben.tokens, url);
  const fresh = await knock(url, anew.access_token);
  sheet.row('revoked: his token, and a new one', '401, 401', `${status}, ${fresh.status}`, status === 401 && fresh.status === 401);
  const wrong = await echoes(hers, 'meanwhile');
  const going = await Promise.race([hers.stream.then(() => 'it ended'), sleep(200).then(() => 'goes on')]);
  sheet.row('revoked: another person, and her stream', 'goes on', wrong ?? going, wrong === undefined && going === 'goes on');
  await revoke('--undo');
  ben.tokens = anew;
  let again = (await knock(url, anew.access_token)).status;
  for (const until = Date.now() + WITHIN_MS; again !== 200 && Date.now() < until;) {
    await sleep(100);
    again = (await knock(url, anew.access_token)).status;
  }
  sheet.row('let in again', '200', again, again === 200);
  await hers.close();
}

/** A JWT is good until its end whatever its issuer thinks of it meanwhile: tokens are short, and refreshing is what ends. */
async function signedOut({ sheet, url, server, people }) {
  const { ann } = people;
  const hasty = new PublicClient(server, 'hasty');
  const tokens = await hasty.signIn(ann.browser, { scope: 'openid mcp:connect', resource: url });
  const answer = await fetch(server.revocation_endpoint, { method: 'POST', body: new URLSearchParams({ client_id: 'hasty', token: tokens.refresh_token, token_type_hint: 'refresh_token' }) });
  const refused = await hasty.refresh(tokens, url).then(() => 'a new token', error => error.message);
  sheet.row('her grant taken back at Keycloak', 'no new token for that client', `${answer.status}, ${refused}`, answer.ok && /invalid_grant/.test(refused));
  const wrong = await echoes(await caller(url, 'modern', ann.tokens), 'elsewhere');
  sheet.row('the same person in another client', 'goes on', wrong ?? 'goes on', wrong === undefined);
}

// Tokens that the same Keycloak signed for somebody or something else, and those of a machine.
import { challenge, PublicClient, said, tokenFrom } from './browser.mjs';
import { caller, echoes, ERAS, knock } from './gateway.mjs';

export async function audiences(ground) {
  await forOthers(ground);
  await ofMachines(ground);
}

function refused(sheet, done, { status, challenge: header, text }, token) {
  const told = challenge(header);
  sheet.row(done, '401, invalid_token, nothing of the token', `${status}, ${told.error}${text.includes(token.slice(-20)) ? ', THE TOKEN' : ''}`,
    status === 401 && told.error === 'invalid_token' && told.resource_metadata !== undefined && !text.includes(token.slice(-20)));
}

async function forOthers({ sheet, url, server, people }) {
  const { ann } = people;
  const elsewhere = new PublicClient(server, 'elsewhere');
  const backend = await elsewhere.signIn(ann.browser, { scope: 'openid backend', resource: 'http://127.0.0.1:9100/mcp' });
  refused(sheet, `a token for ${JSON.stringify(said(backend.access_token).claims.aud)}`, await knock(url, backend.access_token), backend.access_token);
  const both = await elsewhere.signIn(ann.browser, { scope: 'openid backend mcp:connect', resource: url });
  const opened = await knock(url, both.access_token);
  sheet.row('a token for both, of the same client', '200', `${opened.status}, aud ${JSON.stringify(said(both.access_token).claims.aud)}`, opened.status === 200);
  refused(sheet, `an ID token (typ ${said(ann.tokens.id_token).claims.typ}, aud ${said(ann.tokens.id_token).claims.aud})`, await knock(url, ann.tokens.id_token), ann.tokens.id_token);
  const careless = await elsewhere.signIn(ann.browser, { scope: 'openid careless mcp:connect', resource: url });
  sheet.row('an access token beside it', '200', (await knock(url, careless.access_token)).status, (await knock(url, careless.access_token)).status === 200);
  refused(sheet, `an ID token that is for ${JSON.stringify(said(careless.id_token).claims.aud)}`, await knock(url, careless.id_token), careless.id_token);
  refused(sheet, 'a refresh token', await knock(url, ann.tokens.refresh_token), ann.tokens.refresh_token);
  const [head, , signature] = ann.tokens.access_token.split('.');
  const forged = `${head}.${Buffer.from(JSON.stringify({ ...said(ann.tokens.access_token).claims, scope: 'mcp:connect mcp:write' })).toString('base64url')}.${signature}`;
  refused(sheet, 'her token with more scopes written into it', await knock(url, forged), forged);
}

async function ofMachines(ground) {
  const { sheet, url, server, nightly, people } = ground;
  const tokens = await tokenFrom(server, { grant_type: 'client_credentials', resource: url }, `nightly:${nightly}`);
  people.nightly = { tokens };
  for (const era of ERAS) {
    const who = await caller(url, era, tokens);
    const wrong = await echoes(who, `nightly-${era}`);
    sheet.row(`a machine with its secret, ${era}`, 'its call is answered', wrong ?? 'its call is answered', wrong === undefined);
    await who.close();
  }
}

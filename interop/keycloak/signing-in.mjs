// From a refusal to a call: what a client finds out by itself, a person at the login page, a token, and the same again for more scopes.
import { Browser, challenge, discover, PublicClient, said } from './browser.mjs';
import { caller, echoes, ERAS, knock } from './gateway.mjs';

const ALL = 'mcp:connect mcp:write';

export async function signingIn(ground) {
  const { sheet, keycloak, url } = ground;
  await found(ground);
  await signedIn(ground);
  for (const name of ['ann', 'ben']) {
    for (const era of ERAS) await uses(sheet, name, era, await caller(url, era, ground.people[name].tokens));
  }
  await stepsUp(ground);
  sheet.row('Keycloak says what it did not like', 'nothing', keycloak.program.lines.filter(line => / ERROR /.test(line)).join(' | ') || 'nothing',
    !keycloak.program.lines.some(line => / ERROR /.test(line)));
}

/** 401, the document of the resource, that of the server. */
async function found(ground) {
  const { sheet, keycloak, url } = ground;
  const { status, told, resource, server, tried } = await discover(url);
  ground.server = server;
  const well = url.replace('/mcp', '/.well-known/oauth-protected-resource/mcp');
  sheet.row('without a token', `401, Bearer, scope mcp:connect, ${well}`, `${status}, ${told.scheme}, scope ${told.scope}, ${told.resource_metadata}`,
    status === 401 && told.scheme === 'Bearer' && told.scope === 'mcp:connect' && told.resource_metadata === well && told.error === undefined);
  sheet.row('the document of the resource', 'this very URL, this very realm', `${resource.resource}, ${resource.authorization_servers}`,
    resource.resource === url && resource.authorization_servers.length === 1 && resource.authorization_servers[0] === `${keycloak.url}/realms/team`);
  sheet.row('the metadata of the server', 'the same issuer, S256, iss in answers', `${server.issuer}, ${server.code_challenge_methods_supported}, ${server.authorization_response_iss_parameter_supported} (${tried.join(', ')})`,
    server.issuer === resource.authorization_servers[0] && server.code_challenge_methods_supported.includes('S256') && server.authorization_response_iss_parameter_supported === true);
}

async function signedIn(ground) {
  const { sheet, url, server, people } = ground;
  for (const name of ['ann', 'ben']) {
    const browser = new Browser(name);
    const client = new PublicClient(server);
    const tokens = await client.signIn(browser, { scope: 'openid mcp:connect', resource: url });
    people[name] = { browser, client, tokens };
    const { claims } = said(tokens.access_token);
    sheet.row(`${name} signs in`, `one password, a token for ${url}`, `${browser.asked} password, aud ${JSON.stringify(claims.aud)}, scope ${claims.scope}`,
      browser.asked === 1 && [claims.aud].flat().includes(url) && claims.scope.split(' ').includes('mcp:connect') && !claims.scope.includes('mcp:write'));
  }
}

async function uses(sheet, name, era, who) {
  const { result } = await who.request('list', 'tools/list', {});
  const wrong = await echoes(who, `${name}-${era}`);
  sheet.row(`${name}, ${era}: handshake, list, call`, `${era === 'legacy' ? '2025-11-25' : '2026-07-28'}, 8 tools, the text`, `${who.version}, ${result?.tools.length} tools, ${wrong ?? 'the text'}`,
    who.version === (era === 'legacy' ? '2025-11-25' : '2026-07-28') && result?.tools.length === 8 && wrong === undefined);
  await who.close();
}

/** A tool that needs more: told once and all of it, granted without another password, and done. */
async function stepsUp({ sheet, url, people }) {
  const { ann } = people;
  for (const era of ERAS) {
    const who = await caller(url, era, ann.tokens);
    const { headers, body } = who.frame('write', 'tools/call', { name: 'write_note', arguments: {} });
    const refused = await who.exchange('POST', headers, body);
    const told = challenge(refused.headers.get('www-authenticate'));
    sheet.row(`${era}: a tool that needs mcp:write`, `403, insufficient_scope, ${ALL}`, `${refused.status}, ${told.error}, ${told.scope}`,
      refused.status === 403 && told.error === 'insufficient_scope' && told.scope === ALL && told.resource_metadata !== undefined);
    const more = await ann.client.signIn(ann.browser, { scope: `openid ${told.scope}`, resource: url });
    who.key = more.access_token;
    const { status, messages } = await who.exchange('POST', headers, body);
    const said = messages.at(-1)?.result?.content?.[0]?.text;
    sheet.row(`${era}: asked for and granted`, '200, in the same session, no other password', `${status}, ${said}, ${ann.browser.asked} password`,
      status === 200 && /^announced \d+$/.test(said ?? '') && ann.browser.asked === 1);
    await who.close();
    ann.writing = more;
  }
  const plain = await knock(url, ann.tokens.access_token);
  sheet.row('the token from before', 'is still good for what it is for: 200', plain.status, plain.status === 200);
}

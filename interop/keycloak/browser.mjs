// A client that signs in as MCP's authorization pages say, and the browser of the person who does it: cookies, redirects and forms, no SDK.
import { createHash, randomBytes } from 'node:crypto';

const REDIRECT = 'http://127.0.0.1:7777/callback';
const MOST_STEPS = 12;
const WITHIN_MS = 60_000;

const random = () => randomBytes(32).toString('base64url');
const unescaped = text => text.replaceAll('&amp;', '&').replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&lt;', '<').replaceAll('&gt;', '>');

async function document(url) {
  const response = await fetch(url, { headers: { Accept: 'application/json' }, signal: AbortSignal.timeout(WITHIN_MS) });
  return { status: response.status, body: response.ok ? await response.json() : undefined };
}

/** The parameters of a challenge of one scheme. */
export function challenge(header) {
  const [, scheme, rest] = /^(\S+) (.*)$/.exec(header ?? '') ?? [];
  return { scheme, ...Object.fromEntries([...(rest ?? '').matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => [name, value])) };
}

/** From the first refusal to the metadata of the authorization server; what was seen on the way comes with it. */
export async function discover(url) {
  const refused = await fetch(url, { method: 'POST', headers: { 'Content-Type': 'application/json', Accept: 'application/json, text/event-stream' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 0, method: 'ping' }), signal: AbortSignal.timeout(WITHIN_MS) });
  const told = challenge(refused.headers.get('www-authenticate'));
  const resource = (await document(told.resource_metadata)).body;
  const issuer = new URL(resource.authorization_servers[0]);
  const tried = [];
  // RFC 8414 section 3.1 first, then OpenID Connect's two places.
  for (const place of [`${issuer.origin}/.well-known/oauth-authorization-server${issuer.pathname}`, `${issuer.origin}/.well-known/openid-configuration${issuer.pathname}`,
    `${issuer.href}/.well-known/openid-configuration`]) {
    const { status, body } = await document(place);
    tried.push(`${new URL(place).pathname} ${status}`);
    if (body !== undefined) return { status: refused.status, told, resource, server: body, tried };
  }
  throw new Error(`no metadata of ${issuer.href}: ${tried.join(', ')}`);
}

/** One person's browser. `asked` counts how often a password was wanted. */
export class Browser {
  constructor(person) {
    Object.assign(this, { person, cookies: new Map(), asked: 0 });
  }

  async go(url, form) {
    const response = await fetch(url, { method: form === undefined ? 'GET' : 'POST', body: form, redirect: 'manual', signal: AbortSignal.timeout(WITHIN_MS),
      headers: { Accept: 'text/html', Cookie: [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ') } });
    for (const cookie of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie);
      if (value === '' || /max-age=0/i.test(cookie)) this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    return response;
  }

  /** Follows what it is sent until it would go to the client; returns what it would tell it. */
  async follow(first) {
    let response = await this.go(first);
    for (let step = 0; step < MOST_STEPS; step++) {
      const where = response.headers.get('location');
      if (where?.startsWith(REDIRECT)) return Object.fromEntries(new URL(where).searchParams);
      response = where === null ? await this.fillIn(response) : await this.go(new URL(where, response.url || first).href);
    }
    throw new Error(`the sign-in of ${this.person} has no end`);
  }

  async fillIn(response) {
    const html = await response.text();
    const form = /<form[^>]*id="kc-form-login"[^>]*>/.exec(html)?.[0];
    const action = /action="([^"]*)"/.exec(form ?? '')?.[1];
    if (action === undefined) throw new Error(`no login form for ${this.person}: HTTP ${response.status} ${html.replaceAll(/<[^>]*>|\s+/g, ' ').trim().slice(0, 300)}`);
    this.asked++;
    return this.go(unescaped(action), new URLSearchParams({ username: this.person, password: `${this.person}-password`, credentialId: '' }));
  }
}

/** A public client; `server` is the metadata of the authorization server. */
export class PublicClient {
  constructor(server, id = 'team-tools') {
    Object.assign(this, { server, id });
  }

  /** Authorization code with PKCE (RFC 7636), `iss` (RFC 9207) and `resource` (RFC 8707). */
  async signIn(browser, { scope, resource }) {
    const [verifier, state] = [random(), random()];
    const query = new URLSearchParams({ response_type: 'code', client_id: this.id, redirect_uri: REDIRECT, scope, state, resource,
      code_challenge: createHash('sha256').update(verifier).digest('base64url'), code_challenge_method: 'S256' });
    const back = await browser.follow(`${this.server.authorization_endpoint}?${query}`);
    if (back.state !== state) throw new Error(`came back with another state: ${JSON.stringify(back)}`);
    if (back.iss !== this.server.issuer) throw new Error(`came back from another issuer: ${back.iss}`);
    if (back.code === undefined) throw new Error(`came back without a code: ${back.error} ${back.error_description}`);
    return this.token({ grant_type: 'authorization_code', code: back.code, redirect_uri: REDIRECT, code_verifier: verifier, resource });
  }

  refresh(tokens, resource) {
    return this.token({ grant_type: 'refresh_token', refresh_token: tokens.refresh_token, resource });
  }

  async token(form) {
    return tokenFrom(this.server, { client_id: this.id, ...form });
  }
}

/** What the token endpoint gives; `basic` is the id and the secret of a confidential client. */
export async function tokenFrom(server, form, basic) {
  const response = await fetch(server.token_endpoint, { method: 'POST', body: new URLSearchParams(form), signal: AbortSignal.timeout(WITHIN_MS),
    headers: basic === undefined ? {} : { Authorization: `Basic ${Buffer.from(basic).toString('base64')}` } });
  const body = await response.json();
  if (!response.ok) throw new Error(`no token (${form.grant_type}): ${response.status} ${JSON.stringify(body)}`);
  return body;
}

/** What a JWT says; nothing is verified. */
export function said(token) {
  const [header, claims] = token.split('.', 2).map(part => JSON.parse(Buffer.from(part, 'base64url')));
  return { header, claims };
}

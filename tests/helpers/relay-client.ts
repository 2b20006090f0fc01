/** A small client for tests: plain requests with the answer's status, headers and parsed body; nothing throws for a 4xx. */

interface Answer<T = unknown> {
  status: number;
  headers: Headers;
  /** Parsed JSON; undefined when the answer has no body. */
  body: T;
}

type Query = Record<string, string | number>;

export interface RelayClient {
  /** Paths are below `/api`. */
  get<T = unknown>(path: string, query?: Query): Promise<Answer<T>>;
  post<T = unknown>(path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer<T>>;
  put<T = unknown>(path: string, body?: unknown): Promise<Answer<T>>;
  delete<T = unknown>(path: string): Promise<Answer<T>>;
  request<T = unknown>(method: string, path: string, init?: RequestInit): Promise<Answer<T>>;
}

export function createRelayClient(url: string, token?: string): RelayClient {
  const authorization: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };

  async function request<T>(method: string, path: string, init: RequestInit = {}): Promise<Answer<T>> {
    const headers = new Headers(init.headers);
    for (const [name, value] of Object.entries(authorization)) if (!headers.has(name)) headers.set(name, value);
    const response = await fetch(`${url}/api${path}`, { ...init, method, headers });
    const text = await response.text();
    // The caller says what it expects; what came is compared by the test.
    const body = (text === '' ? undefined : JSON.parse(text)) as T;
    return { status: response.status, headers: response.headers, body };
  }

  function send<T>(
    method: string,
    path: string,
    body: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer<T>> {
    if (body === undefined) return request<T>(method, path, { headers });
    const json = { 'content-type': 'application/json', ...headers };
    return request<T>(method, path, { headers: json, body: JSON.stringify(body) });
  }

  return {
    get(path, query) {
      const pairs = Object.entries(query ?? {}).map(([name, value]): [string, string] => [name, String(value)]);
      const search = new URLSearchParams(pairs).toString();
      return request('GET', search === '' ? path : `${path}?${search}`);
    },
    post: (path, body, headers) => send('POST', path, body, headers),
    put: (path, body) => send('PUT', path, body),
    delete: (path) => request('DELETE', path),
    request,
  };
}

/** One HTTP request under the test's own hand: what is written when, and what came back. */
import { request as httpRequest, type Agent, type ClientRequest, type IncomingHttpHeaders } from 'node:http';
import { TOKEN } from './bytes-relay.ts';

export interface RawAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

export interface RawRequest {
  readonly request: ClientRequest;
  /** The whole answer; rejects where it breaks off. */
  readonly answer: Promise<RawAnswer>;
}

export interface RawOptions {
  method?: string;
  headers?: Record<string, string>;
  agent?: Agent;
  /** Null sends none. */
  token?: string | null;
}

/** Begins a request; the test writes its body and ends it. */
export function beginRequest(url: string, options: RawOptions = {}): RawRequest {
  const { token = TOKEN, method = 'GET', headers = {}, agent } = options;
  const request = httpRequest(url, {
    method,
    headers: { ...(token === null ? {} : { authorization: `Bearer ${token}` }), ...headers },
    ...(agent ? { agent } : {}),
  });
  const answer = new Promise<RawAnswer>((resolve, reject) => {
    let answered = false;
    request.once('response', (response) => {
      answered = true;
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('error', reject);
      response.once('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }),
      );
    });
    // What happens to the rest of the request when the answer is there is no matter of the answer.
    request.on('error', (error) => answered || reject(error));
  });
  // A test that only looks at the request does not wait for the answer.
  answer.catch(() => undefined);
  return { request, answer };
}

/** A request with a body that is there already. */
export function sendRequest(url: string, options: RawOptions = {}, body?: Uint8Array | string): Promise<RawAnswer> {
  const { request, answer } = beginRequest(url, options);
  request.end(body);
  return answer;
}

/** The JSON of an answer. */
export function jsonOf<T>(answer: RawAnswer): T {
  return JSON.parse(answer.body.toString('utf8')) as T;
}

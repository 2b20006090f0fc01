/**
 * How electron-updater reaches the place of the updates: by Node, as all of main does. Chromium resolves no host here
 * (windows/page-network.ts). What a hostile place could do beyond a wrong file ends here with a name: an address without
 * https, redirects without end, bytes without end, silence.
 */
import { type ClientRequest, type IncomingMessage, request as httpRequest, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { configureRequestOptions, configureRequestUrl, type DownloadOptions, HttpExecutor } from 'builder-util-runtime';
import type { UpdateProblem } from '#contract/model/updates.ts';
import { mayLeadTo } from '../lib/update-address.ts';

/** Bytes that a feed may have. */
const LARGEST_FEED = 512 * 1024;
const MOST_REDIRECTS = 5;
/** Milliseconds without a byte after which nothing more is expected. */
const SILENCE_MS = 30_000;

/** An update that ends for a reason of ours. */
export class UpdateRefused extends Error {
  override readonly name = 'UpdateRefused';
  readonly problem: UpdateProblem;

  constructor(problem: UpdateProblem, message: string) {
    super(message);
    this.problem = problem;
  }
}

/** A request of the library, with what is left of its redirects; the library copies both from one hop to the next. */
interface Hop extends RequestOptions {
  largest?: number;
  hops?: { left: number };
}

export interface UpdateHttpOptions {
  /** The place of the updates is on this computer. */
  isLocal: boolean;
  /** Bytes that a version may have. */
  largest: number;
  silenceMs?: number;
}

function addressOf({ protocol, hostname, port, path }: RequestOptions): URL {
  const host = `${hostname ?? ''}${port ? `:${String(port)}` : ''}`;
  return new URL(`${protocol ?? 'https:'}//${host}${path ?? '/'}`);
}

/** The library's requests by Node's own http and https. */
export class UpdateHttp extends HttpExecutor<ClientRequest> {
  readonly #options: UpdateHttpOptions;
  readonly #running = new Set<ClientRequest>();

  constructor(options: UpdateHttpOptions) {
    super();
    this.#options = options;
  }

  /** Ends every request that runs. */
  abort(): void {
    for (const request of this.#running) request.destroy(new UpdateRefused('no_answer', 'given up'));
  }

  override request(...[options, token, data]: Parameters<HttpExecutor<ClientRequest>['request']>) {
    return super.request(Object.assign(options, { largest: LARGEST_FEED }), token, data);
  }

  /** Called by the updaters: Electron's own executor has it as well. */
  async download(url: URL, destination: string, options: DownloadOptions): Promise<string> {
    return options.cancellationToken.createPromise<string>((resolve, reject, onCancel) => {
      const asked: Hop = { headers: options.headers ?? {}, largest: this.#options.largest };
      configureRequestUrl(url, asked);
      configureRequestOptions(asked);
      const callback = (error: Error | null): void => (error ? reject(error) : resolve(destination));
      this.doDownload(asked, { destination, options, onCancel, callback, responseHandler: null }, 0);
    });
  }

  override addErrorAndTimeoutHandlers(request: unknown, reject: (error: Error) => void): void {
    super.addErrorAndTimeoutHandlers(request, reject, this.#options.silenceMs ?? SILENCE_MS);
  }

  /** One hop. Throws `UpdateRefused` before anything is sent to an address that may not be asked. */
  override createRequest(options: Hop, callback: (response: IncomingMessage) => void): ClientRequest {
    const address = addressOf(options);
    this.#mayReach(address);
    options.hops ??= { left: MOST_REDIRECTS };
    const { hops, largest = LARGEST_FEED } = options;
    const headers = { ...(options.headers as Record<string, string>) };
    // A number that stays the same would tell the place who asks.
    delete headers['x-user-staging-id'];
    const send = address.protocol === 'https:' ? httpsRequest : httpRequest;
    const request = send({ ...options, headers }, (response) => {
      const problem = this.#refusal(response, address, hops, largest);
      if (problem) {
        request.emit('error', problem);
        request.destroy();
        return;
      }
      let bytes = 0;
      response.on('data', (chunk: Buffer | string) => {
        bytes += Buffer.byteLength(chunk);
        if (bytes > largest) response.destroy(new UpdateRefused('too_large', 'more bytes than it may have'));
      });
      callback(response);
    });
    this.#running.add(request);
    request.on('close', () => this.#running.delete(request));
    return request;
  }

  #mayReach(address: URL): void {
    if (!mayLeadTo(address, this.#options.isLocal)) {
      throw new UpdateRefused('insecure', 'an address that updates may not come from');
    }
  }

  /** What is wrong with the head of an answer, before the library sees it. */
  #refusal(response: IncomingMessage, address: URL, hops: { left: number }, largest: number): UpdateRefused | null {
    const { statusCode: status = 0, headers } = response;
    if (status >= 400) return new UpdateRefused('server_error', `status ${String(status)}`);
    if (Number(headers['content-length'] ?? 0) > largest) return new UpdateRefused('too_large', 'too many bytes');
    // The library follows it whatever the status is.
    const { location } = headers;
    if (location === undefined) {
      return status >= 200 && status < 300 ? null : new UpdateRefused('server_error', `status ${String(status)}`);
    }
    if (!URL.canParse(location, address.href)) return new UpdateRefused('server_error', 'redirected to nowhere');
    // The library counts them and never adds one.
    hops.left -= 1;
    if (hops.left < 0) return new UpdateRefused('insecure', 'redirected without end');
    try {
      this.#mayReach(new URL(location, address));
      return null;
    } catch (error) {
      return error instanceof UpdateRefused ? error : new UpdateRefused('server_error', 'redirected to nowhere');
    }
  }
}

/**
 * The one place for our own schemes: Electron accepts their privileges only once, before it is ready. The page's files
 * and its media share one origin: Web Audio plays only silence from another.
 */
import { type CustomScheme, protocol } from 'electron';
import { errorName } from '../lib/emitter.ts';
import { type MediaOpener, NO_MEDIA } from '../lib/media.ts';
import type { Logger } from '../services/ports.ts';
import { MEDIA_PATH } from '../lib/media-id.ts';
import { answerMediaRequest } from './media-answer.ts';
import { answerPageRequest, listPageFiles, type PageFiles } from './page-files.ts';

const SCHEME = 'app';
const HOST = 'relay';

/** The origin of our page. */
export const PAGE_ORIGIN = `${SCHEME}://${HOST}`;
/** The page's address. */
export const PAGE_URL = `${PAGE_ORIGIN}/index.html`;

/** All our schemes. */
const SCHEMES: CustomScheme[] = [
  {
    scheme: SCHEME,
    // `stream`: audio and video play while they load, and seek by range.
    privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true, stream: true },
  },
];

/** Registers the schemes as secure, with an origin. Only before the app is ready, and only once. */
export function registerPageScheme(): void {
  protocol.registerSchemesAsPrivileged(SCHEMES);
}

/** Answers a request of the page: for one of its files, or for media. */
export async function answerOwnRequest(
  request: Pick<Request, 'method' | 'url' | 'headers'>,
  files: PageFiles,
  media: MediaOpener,
  logger: Logger,
): Promise<Response> {
  const url = URL.canParse(request.url) ? new URL(request.url) : null;
  const isMedia = url?.host === HOST && url.pathname.startsWith(MEDIA_PATH);
  const answer = await (isMedia ? answerMediaRequest(request, media, logger) : answerPageRequest(request, HOST, files));
  if (answer.status >= 400) logger.warn(isMedia ? 'media.refused' : 'page.refused', { status: answer.status });
  return answer;
}

/** Serves the page's folder and its media. Call after the app is ready. @param media has none by default. */
export async function servePage(folder: string, logger: Logger, media: MediaOpener = NO_MEDIA): Promise<void> {
  const files = await listPageFiles(folder);
  if (!files.has('/index.html')) logger.error('page.missing');
  protocol.handle(SCHEME, async (request) => {
    try {
      return await answerOwnRequest(request, files, media, logger);
    } catch (error) {
      logger.error('page.unreadable', { error: errorName(error) });
      return new Response(null, { status: 500 });
    }
  });
}

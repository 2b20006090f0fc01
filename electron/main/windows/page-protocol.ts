import { protocol } from 'electron';
import type { Logger } from '../services/ports.ts';
import { answerPageRequest, listPageFiles } from './page-files.ts';

const SCHEME = 'app';
const HOST = 'relay';

/** The origin of our page. */
export const PAGE_ORIGIN = `${SCHEME}://${HOST}`;
/** The page's address. */
export const PAGE_URL = `${PAGE_ORIGIN}/index.html`;

/** Makes the scheme a secure one with an origin. Only before the app is ready. */
export function registerPageScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ]);
}

/** Serves the page's folder. After the app is ready. */
export async function servePage(folder: string, logger: Logger): Promise<void> {
  const files = await listPageFiles(folder);
  if (!files.has('/index.html')) logger.error('page.missing');
  protocol.handle(SCHEME, async (request) => {
    try {
      const answer = await answerPageRequest(request, HOST, files);
      if (!answer.ok) logger.warn('page.refused', { status: answer.status });
      return answer;
    } catch (error) {
      logger.error('page.unreadable', { error: error instanceof Error ? error.name : typeof error });
      return new Response(null, { status: 500 });
    }
  });
}

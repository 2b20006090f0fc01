import { isStorableText } from '#contract/model/text.ts';
import type { Capability } from '#contract/api/capabilities.ts';
import { invalidField } from '../errors.ts';
import type { Serve } from '../http/serve.ts';
import type { Budgets } from '../services/budgets.ts';
import type { Music } from '../services/music.ts';

interface MusicServices {
  music: Music;
  budgets: Budgets;
  has: (capability: Capability) => boolean;
}

/** The music library. */
export function musicRoutes(serve: Serve, { music, budgets, has }: MusicServices): void {
  serve('music', ({ query }) => {
    const { q } = query;
    if (q !== undefined && !isStorableText(q))
      throw invalidField('q', 'bad_characters', 'The query cannot be searched for.');
    const { items, total } = music.library(has('music') ? query : {});
    return { status: 200, list: 'tracks', items, rest: async () => (has('music') ? { total: await total() } : {}) };
  });

  serve('extractMetadata', async ({ user, body }) => {
    await budgets.write(user.id);
    return { status: 200, body: { metadata: await music.extract(user.id, body.fileId) } };
  });

  if (!has('music')) return;
  serve('updateTrack', async ({ user, isAdmin, params, body }) => {
    await budgets.write(user.id);
    return { status: 200, body: { track: await music.update({ id: user.id, isAdmin }, params.fileId, body) } };
  });

  serve('removeTrack', async ({ user, isAdmin, params }) => {
    await budgets.write(user.id);
    await music.remove({ id: user.id, isAdmin }, params.fileId);
    return { status: 204, body: undefined };
  });
}

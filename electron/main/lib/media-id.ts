/**
 * The addresses of media on the page's own origin. The page gets them whole and reads nothing from them; here each one
 * names what it stands for: which account, which file, which picture of it. Pure.
 */
import { createHash } from 'node:crypto';

/**
 * `file`: a file of a message. `thumb`, `preview`, `cover`: a picture of it. `avatar`: the picture of a person. `upload`: a
 * file on its way out.
 */
export type MediaKind = 'file' | 'thumb' | 'preview' | 'cover' | 'avatar' | 'upload';

/** Where they are on the page's origin. */
export const MEDIA_PATH = '/media/';

const LETTERS: Record<MediaKind, string> = {
  file: 'f',
  thumb: 't',
  preview: 'p',
  cover: 'c',
  avatar: 'a',
  upload: 'u',
};
const TAG_CHARS = 16;
const FILE_ID = /^[A-Za-z0-9_-]{1,64}$/;
const MEDIA_ID = /^([ftpcau])([0-9a-f]{16})([A-Za-z0-9_-]{1,64})$/;

/** What stands for an account in an address: it reveals neither the server nor the person. */
export function accountTag(accountId: string): string {
  return createHash('sha256').update(accountId).digest('hex').slice(0, TAG_CHARS);
}

/** The address; null when the id is none that a server may give. */
export function mediaUrl(kind: MediaKind, tag: string, id: string): string | null {
  return FILE_ID.test(id) ? `${MEDIA_PATH}${LETTERS[kind]}${tag}${id}` : null;
}

/** Reads the part of an address below `/media/`; null when it is none of ours. */
export function readMediaId(mediaId: string): { kind: MediaKind; tag: string; id: string } | null {
  const [, letter, tag, id] = MEDIA_ID.exec(mediaId) ?? [];
  if (letter === undefined || tag === undefined || id === undefined) return null;
  const kind = (Object.keys(LETTERS) as MediaKind[]).find((name) => LETTERS[name] === letter);
  return kind ? { kind, tag, id } : null;
}

const OWN_FILE = /^\/api\/files\/([A-Za-z0-9_-]{1,64})$/;

/**
 * The file that a person's picture is, if it is one of the account's own server. A picture anywhere else is not fetched:
 * that would tell a stranger's server who looks at it, and when.
 * @param accountId begins with the server's address.
 */
export function avatarFile(avatarUrl: string | null | undefined, accountId: string): string | null {
  if (!avatarUrl) return null;
  const server = accountId.slice(0, accountId.lastIndexOf('/'));
  const path = avatarUrl.startsWith(`${server}/`) ? avatarUrl.slice(server.length) : avatarUrl;
  return OWN_FILE.exec(path)?.[1] ?? null;
}

/** The address under which the page shows a person's picture; null when there is none that may be shown. */
export function avatarMediaUrl(avatarUrl: string | null | undefined, accountId: string): string | null {
  const file = avatarFile(avatarUrl, accountId);
  return file === null ? null : mediaUrl('avatar', accountTag(accountId), file);
}

/**
 * Files on their way out: those in the composer of each chat, and those that messages wait for. Main owns them; kept here
 * are its latest lists, and what was refused, which main forgets at once.
 */
import { shallowReactive } from 'vue';
import type { UploadList, UploadView } from '#contract/ipc/file-views.ts';
import type { AccountEvent } from '#contract/ipc/push.ts';
import { fail, ok, type ErrorCode, type Result } from '#contract/model/errors.ts';
import { MOST_FILES } from '#contract/model/limits.ts';
import { ask as askBridge } from '../bridge-call.ts';
import { askAs } from './account-bridge.ts';
import { defineAccountStore } from './account-store.ts';
import { createPictureReducer } from './uploads/reducer.ts';
import { stageBlob, type BlobFile } from './uploads/stage-blob.ts';

/** A file that could not be attached, shown until it is dismissed. */
export interface Refusal {
  id: string;
  name: string;
  code: ErrorCode;
}

const NONE: readonly UploadView[] = [];
const NO_REFUSALS: readonly Refusal[] = [];
const NO_NAMES: readonly string[] = [];

export const useUploadsStore = defineAccountStore('uploads', (accountId) => {
  const ask = askAs(accountId);
  const reducer = createPictureReducer(ask);
  const lists = shallowReactive(new Map<string, readonly UploadView[]>());
  const refusals = shallowReactive(new Map<string, readonly Refusal[]>());
  /** The names of files that are on their way to main, by chat. */
  const coming = shallowReactive(new Map<string, readonly string[]>());
  /** Chats whose pictures are sent as they are. */
  const originals = shallowReactive(new Set<string>());
  /** Uploads that a message being sent has: no longer in the composer, whatever main's last list says. */
  const leaving = shallowReactive(new Set<string>());
  /** Chats in which a voice message is being sent: its file is never in the composer. */
  const speaking = shallowReactive(new Set<string>());
  /** Counts the lists received, so that an answer never replaces a newer push. */
  let received = 0;
  /** The end of what is being attached, by chat. */
  const turns = new Map<string, Promise<void>>();
  let lastRefusal = 0;

  const of = (chatId: string): readonly UploadView[] => lists.get(chatId) ?? NONE;
  const comingTo = (chatId: string): readonly string[] => coming.get(chatId) ?? NO_NAMES;

  /** The uploads in a chat's composer, in order. */
  function composing(chatId: string): readonly UploadView[] {
    const isHere = ({ id, messageKey, voice }: UploadView): boolean =>
      messageKey === null && !leaving.has(id) && !(voice && speaking.has(chatId));
    const here = of(chatId).filter(isHere);
    return here.length === 0 ? NONE : here;
  }

  function take(chatId: string, { revision, uploads }: UploadList): void {
    received += 1;
    const before = of(chatId);
    const listed = new Set(uploads.map(({ id }) => id));
    // Answered to us while this list was on its way: it does not know them yet.
    const newer = before.filter((upload) => upload.revision > revision && !listed.has(upload.id));
    const list = [...uploads, ...newer];
    lists.set(chatId, list);
    const inComposer = new Set(list.filter(({ messageKey }) => messageKey === null).map(({ id }) => id));
    for (const { id } of before) if (!inComposer.has(id)) leaving.delete(id);
  }

  /** Asks main for a chat's uploads: at the opening of the chat. */
  async function load(chatId: string): Promise<void> {
    const before = received;
    const answer = await ask((bridge) => bridge.files.uploads({ chatId }));
    if (!answer.ok || received !== before) return;
    take(chatId, answer.value);
    // The page was reloaded while main waited for a smaller picture.
    for (const upload of composing(chatId)) if (upload.state === 'staging') void reducer.reduce(upload);
  }

  function apply(event: AccountEvent): void {
    if (event.kind === 'uploads') take(event.chatId, event);
    // Pushes may have been missed.
    else if (event.kind === 'chats:reset') for (const chatId of lists.keys()) void load(chatId);
  }

  function refuse(chatId: string, name: string, code: ErrorCode): void {
    lastRefusal += 1;
    refusals.set(chatId, [
      ...(refusals.get(chatId) ?? NO_REFUSALS),
      { id: `refused-${String(lastRefusal)}`, name, code },
    ]);
  }

  function dismiss(chatId: string, id: string): void {
    const left = (refusals.get(chatId) ?? NO_REFUSALS).filter((refusal) => refusal.id !== id);
    if (left.length > 0) refusals.set(chatId, left);
    else refusals.delete(chatId);
  }

  /** Shows an upload at once, without waiting for its push. */
  function add(upload: UploadView): void {
    const list = of(upload.chatId);
    if (!list.some(({ id }) => id === upload.id)) lists.set(upload.chatId, [...list, upload]);
    if (!originals.has(upload.chatId)) void reducer.reduce(upload);
  }

  /** One file: by its path if the system knows it, otherwise by its bytes. */
  async function stage(chatId: string, file: File): Promise<Result<UploadView>> {
    // The preload alone sees where it lies.
    const answer = await askBridge((bridge) => bridge.stageFiles({ accountId, chatId }, [file]));
    if (!answer.ok) return answer;
    const [upload] = answer.value.staged;
    if (upload) return ok(upload);
    const code = answer.value.refused[0]?.code ?? 'internal';
    if (code !== 'no_path') return fail(code, 'refused by main');
    return stageBlob(ask, chatId, { blob: file, name: file.name, mimeType: file.type });
  }

  /**
   * Attaches files to the composer of a chat, one after the other, so that they keep their order. Each that cannot be
   * attached becomes a refusal. `original`: pictures are sent as they are.
   */
  async function attach(chatId: string, files: readonly File[], original = false): Promise<void> {
    if (original) originals.add(chatId);
    coming.set(chatId, [...comingTo(chatId), ...files.map(({ name }) => name)]);
    // After those that were attached before.
    const turn = (turns.get(chatId) ?? Promise.resolve()).then(async () => {
      for (const file of files) {
        const isFull = composing(chatId).length >= MOST_FILES;
        const staged = isFull ? fail('too_many_files', 'full') : await stage(chatId, file);
        coming.set(chatId, comingTo(chatId).slice(1));
        if (staged.ok) add(staged.value);
        else refuse(chatId, file.name, staged.error.code);
      }
    });
    turns.set(chatId, turn);
    await turn;
  }

  /** Stages one file for a place without a composer, such as the library. False: refused, which is told there. */
  async function attachOne(place: string, file: File): Promise<boolean> {
    const staged = await stage(place, file);
    if (staged.ok) add(staged.value);
    else refuse(place, file.name, staged.error.code);
    return staged.ok;
  }

  /** Sends pictures as they are, or scaled down: those attached already, and those that follow. */
  async function setOriginal(chatId: string, on: boolean): Promise<void> {
    if (on) originals.add(chatId);
    else originals.delete(chatId);
    for (const upload of composing(chatId)) await (on ? reducer.restore(upload) : reducer.reduce(upload));
  }

  /** Sends pictures of the composer with what a camera wrote into them (place, time, device), or without. */
  async function setKeepTags(chatId: string, keep: boolean): Promise<Result<null>> {
    let result: Result<null> = ok(null);
    for (const { id, tagged, keepTags } of composing(chatId)) {
      if (!tagged || keepTags === keep) continue;
      const answer = await ask((bridge) => bridge.files.keepTags({ uploadId: id, keep }));
      // One of which they cannot be removed does not hold up the others.
      if (!answer.ok) result = answer;
    }
    return result;
  }

  /** Reorders the composer; shown at once, and undone by main's next list if it disagrees. */
  function arrange(chatId: string, ids: readonly string[]): Promise<Result<null>> {
    const place = (id: string): number => (ids.includes(id) ? ids.indexOf(id) : ids.length);
    lists.set(
      chatId,
      of(chatId).toSorted((a, b) => place(a.id) - place(b.id)),
    );
    return ask((bridge) => bridge.files.arrange({ chatId, ids: [...ids] }));
  }

  return {
    of,
    composing,
    /** The names of files that are being attached, in order. */
    comingTo,
    load,
    apply,
    attach,
    attachOne,
    refuse,
    dismiss,
    setOriginal,
    setKeepTags,
    arrange,
    /** The upload of an attachment that has not been sent yet. */
    get: (chatId: string, id: string): UploadView | null => of(chatId).find((upload) => upload.id === id) ?? null,
    refusedIn: (chatId: string): readonly Refusal[] => refusals.get(chatId) ?? NO_REFUSALS,
    isOriginal: (chatId: string): boolean => originals.has(chatId),
    /** Stages bytes that are not for the composer: a voice message or an avatar. */
    stageBlob: (chatId: string, file: BlobFile) => stageBlob(ask, chatId, file),
    pause: (uploadId: string) => ask((bridge) => bridge.files.pause({ uploadId })),
    resume: (uploadId: string) => ask((bridge) => bridge.files.resume({ uploadId })),
    retry: (uploadId: string) => ask((bridge) => bridge.files.retry({ uploadId })),
    /** Takes it out of the composer, at once. */
    async remove(uploadId: string): Promise<Result<null>> {
      leaving.add(uploadId);
      const answer = await ask((bridge) => bridge.files.remove({ uploadId }));
      if (!answer.ok) leaving.delete(uploadId);
      return answer;
    },
    /** These now belong to a message that is being sent. */
    leave: (ids: readonly string[]) => ids.forEach((id) => leaving.add(id)),
    /** That message was not taken: they are back in the composer. */
    comeBack: (ids: readonly string[]) => ids.forEach((id) => leaving.delete(id)),
    /** A voice message is being sent in this chat, or no longer. */
    speak: (chatId: string, on: boolean) => void (on ? speaking.add(chatId) : speaking.delete(chatId)),
    /** Pictures attached from now on are scaled down again: the message was sent. */
    forgetOriginal: (chatId: string) => void originals.delete(chatId),
  };
});

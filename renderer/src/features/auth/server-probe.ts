/**
 * Probes the server's address while it is typed.
 *
 * `idle`: nothing to probe. `checking`: waiting for a response. `found`: a Relay responded. `failed`: none did, with
 * the reason. A response for an address that is no longer in the field is dropped.
 */
import { onScopeDispose, shallowRef, watch, type Ref } from 'vue';
import type { ServerView } from '#contract/ipc/views.ts';
import type { ErrorCode, Result } from '#contract/model/errors.ts';

export type ProbeState =
  | { state: 'idle' }
  | { state: 'checking' }
  | { state: 'found'; server: ServerView; loopback: boolean }
  | { state: 'failed'; code: ErrorCode };

const TYPING_PAUSE_MS = 500;

/** True when the address is this very computer, where the connection cannot be intercepted. */
export function isLoopback(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const host = new URL(url).hostname;
  return host === 'localhost' || host.endsWith('.localhost') || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host);
}

export function useServerProbe(address: Ref<string>, probe: (server: string) => Promise<Result<ServerView>>) {
  const found = shallowRef<ProbeState>({ state: 'idle' });
  let turn = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  async function look(): Promise<void> {
    clearTimeout(timer);
    const mine = (turn += 1);
    const server = address.value.trim();
    if (server === '') {
      found.value = { state: 'idle' };
      return;
    }
    found.value = { state: 'checking' };
    const result = await probe(server);
    if (mine !== turn) return;
    found.value = result.ok
      ? { state: 'found', server: result.value, loopback: isLoopback(result.value.url) }
      : { state: 'failed', code: result.error.code };
  }

  watch(address, () => {
    turn += 1;
    found.value = { state: 'idle' };
    clearTimeout(timer);
    timer = setTimeout(() => void look(), TYPING_PAUSE_MS);
  });
  void look();
  onScopeDispose(() => {
    turn += 1;
    clearTimeout(timer);
  });

  /** The address has just failed elsewhere. */
  function refuse(code: ErrorCode): void {
    turn += 1;
    clearTimeout(timer);
    found.value = { state: 'failed', code };
  }

  return { found, look, refuse };
}

import type { SessionService } from '../../services/session/session-service.ts';
import type { Handlers } from '../answer.ts';

type SessionChannel = 'session.probe' | 'session.register' | 'session.login' | 'session.logout' | 'session.keepWeakly';

/** Signing in and out. There is no channel that answers a token. */
export function createSessionHandlers(session: SessionService): Pick<Handlers, SessionChannel> {
  return {
    'session.probe': ({ server }) => session.probe(server),
    'session.register': (input) => session.register(input),
    'session.login': (input) => session.login(input),
    'session.logout': (input) => session.logout(input),
    'session.keepWeakly': (input) => session.keepWeakly(input),
  };
}

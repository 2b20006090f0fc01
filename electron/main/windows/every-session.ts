import { app, type Session, session } from 'electron';

/** Calls `run` once for every session, present and future. Call before the app is ready. */
export function onEverySession(run: (of: Session) => void): void {
  const seen = new WeakSet<Session>();
  const once = (of: Session): void => {
    if (seen.has(of)) return;
    seen.add(of);
    run(of);
  };
  app.on('session-created', once);
  // The default session may exist before the listener does.
  void app.whenReady().then(() => once(session.defaultSession));
}

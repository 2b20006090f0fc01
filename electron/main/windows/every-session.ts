import { app, type Session, session } from 'electron';

/** Runs once for every session that there will ever be. Before the app is ready. */
export function onEverySession(run: (of: Session) => void): void {
  const seen = new WeakSet<Session>();
  const once = (of: Session): void => {
    if (seen.has(of)) return;
    seen.add(of);
    run(of);
  };
  app.on('session-created', once);
  // The default session may be older than the listener.
  void app.whenReady().then(() => once(session.defaultSession));
}

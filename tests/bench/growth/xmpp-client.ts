/** As much of an XMPP client as a benchmark needs: signs in on loopback without TLS, sends and hears chat messages. */
import { connect, type Socket } from 'node:net';

export interface XmppClient {
  /** @param id comes back to whoever hears the message, as its text. */
  send(to: string, id: string): void;
  /** Called with the text of each message that comes. */
  onText(hear: (text: string) => void): void;
  close(): void;
}

const HOST = 'localhost';
const LATE_MS = 20_000;
const BODY = /<body>([^<]*)<\/body>/g;

const streamHeader = `<?xml version='1.0'?><stream:stream to='${HOST}' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>`;

/** What the server must say next, and what is sent then: the steps of signing in. */
function steps(user: string, password: string): { expected: RegExp; say: string }[] {
  const credentials = Buffer.from(`\0${user}\0${password}`).toString('base64');
  return [
    {
      expected: /<\/stream:features>/,
      say: `<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>${credentials}</auth>`,
    },
    { expected: /<success/, say: streamHeader },
    {
      expected: /<\/stream:features>/,
      say: `<iq type='set' id='bind'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>bench</resource></bind></iq>`,
    },
    { expected: /<jid>/, say: `<presence id='here'/>` },
    // A server sends one's own presence back once it counts.
    { expected: /<presence[^>]*id='here'|<presence[^>]*id="here"/, say: '' },
  ];
}

function signIn(socket: Socket, user: string, password: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const waiting = steps(user, password);
    let heard = '';
    const late = setTimeout(() => {
      reject(new Error(`${user} is not signed in after ${LATE_MS} ms: ${heard.slice(0, 300)}`));
    }, LATE_MS);
    const hear = (data: Buffer): void => {
      heard += data.toString();
      if (/<failure|<stream:error/.test(heard)) reject(new Error(`${user} is not let in: ${heard.slice(0, 300)}`));
      const step = waiting[0];
      if (!step?.expected.test(heard)) return;
      waiting.shift();
      heard = '';
      if (step.say !== '') socket.write(step.say);
      if (waiting.length > 0) return;
      clearTimeout(late);
      socket.off('data', hear);
      resolve();
    };
    socket.on('data', hear);
    socket.once('error', reject);
    socket.write(streamHeader);
  });
}

/** @throws when the server does not let the user in. */
export async function openXmppClient(port: number, user: string, password: string): Promise<XmppClient> {
  const socket = connect(port, '127.0.0.1');
  socket.setNoDelay();
  await signIn(socket, user, password);
  const listeners: ((text: string) => void)[] = [];
  let rest = '';
  socket.on('data', (data) => {
    rest += data.toString();
    let end = 0;
    for (const match of rest.matchAll(BODY)) {
      end = match.index + match[0].length;
      for (const hear of listeners) hear(match[1] ?? '');
    }
    rest = rest.slice(end);
  });
  return {
    send: (to, id) =>
      void socket.write(`<message to='${to}@${HOST}' type='chat' id='${id}'><body>${id}</body></message>`),
    onText: (hear) => void listeners.push(hear),
    close: () => socket.destroy(),
  };
}

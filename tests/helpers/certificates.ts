/**
 * Authorities and certificates made by hand (X.509 in DER, signed with node:crypto): good for a day, for 127.0.0.1 and
 * localhost. No program of the system is needed.
 */
import { generateKeyPairSync, type KeyObject, randomBytes, sign as signBytes } from 'node:crypto';

export interface Authority {
  /** Its own certificate, in PEM. */
  certificate: string;
  /** Makes a server's certificate and key, in PEM: for `localhost`, and for 127.0.0.1 unless it is told not to. */
  issue(forAddress?: boolean): { cert: string; key: string };
}

function der(tag: number, ...parts: Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

const sequence = (...parts: Uint8Array[]): Buffer => der(0x30, ...parts);
const set = (...parts: Uint8Array[]): Buffer => der(0x31, ...parts);
const octets = (...parts: Uint8Array[]): Buffer => der(0x04, ...parts);
const bits = (bytes: Uint8Array): Buffer => der(0x03, Buffer.from([0]), bytes);
const text = (value: string): Buffer => der(0x0c, Buffer.from(value, 'utf8'));
const TRUE = der(0x01, Buffer.from([0xff]));

/** An object identifier; every number of ours is below 2^14. */
function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const bytes = rest.flatMap((part) => (part < 128 ? [part] : [0x80 | (part >> 7), part & 0x7f]));
  return der(0x06, Buffer.from([first * 40 + second, ...bytes]));
}

const ECDSA_SHA256 = sequence(oid('1.2.840.10045.4.3.2'));

function utcTime(at: Date): Buffer {
  const digits = at.toISOString().replace(/[-:T]/g, '').slice(2, 14);
  return der(0x17, Buffer.from(`${digits}Z`, 'latin1'));
}

const nameOf = (common: string): Buffer => sequence(set(sequence(oid('2.5.4.3'), text(common))));

function extension(id: string, critical: boolean, value: Buffer): Buffer {
  return sequence(oid(id), ...(critical ? [TRUE] : []), octets(value));
}

const AUTHORITY = [
  extension('2.5.29.19', true, sequence(TRUE)),
  // Signs certificates.
  extension('2.5.29.15', true, der(0x03, Buffer.from([2, 0x04]))),
];
const ADDRESS = der(0x87, Buffer.from([127, 0, 0, 1]));
const NAME = der(0x82, Buffer.from('localhost', 'latin1'));
const serverOf = (...names: Buffer[]): Buffer[] => [
  extension('2.5.29.19', true, sequence()),
  extension('2.5.29.17', false, sequence(...names)),
  // Authenticates servers.
  extension('2.5.29.37', false, sequence(oid('1.3.6.1.5.5.7.3.1'))),
];

function pemOf(bytes: Buffer): string {
  const lines = bytes.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}

function sign(
  issuer: string,
  signingKey: KeyObject,
  subject: string,
  publicKey: KeyObject,
  extensions: Buffer[],
): string {
  const serial = randomBytes(12);
  // Positive, and without a zero in front.
  serial[0] = 0x40 | ((serial[0] ?? 0) & 0x3f);
  const day = 24 * 60 * 60_000;
  const body = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, serial),
    ECDSA_SHA256,
    nameOf(issuer),
    sequence(utcTime(new Date(Date.now() - day)), utcTime(new Date(Date.now() + day))),
    nameOf(subject),
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(...extensions)),
  );
  return pemOf(sequence(body, ECDSA_SHA256, bits(signBytes('sha256', body, signingKey))));
}

/** Makes an authority of its own. */
export function makeAuthority(name: string): Authority {
  const own = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  return {
    certificate: sign(name, own.privateKey, name, own.publicKey, AUTHORITY),
    issue(forAddress = true) {
      const server = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
      return {
        cert: sign(
          name,
          own.privateKey,
          'localhost',
          server.publicKey,
          serverOf(NAME, ...(forAddress ? [ADDRESS] : [])),
        ),
        key: server.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      };
    },
  };
}

/** As much of STUN and TURN (RFC 8489, 8656) as it takes to ask for an allocation: requests and their answers. Pure. */
import { createHash, createHmac } from 'node:crypto';

/** Requests by name. An answer has the same number with a bit of its class. */
const METHODS = { allocate: 0x0003, refresh: 0x0004, createPermission: 0x0008 } as const;
export type TurnMethod = keyof typeof METHODS;

const SUCCESS = 0x0100;
const FAILURE = 0x0110;
const COOKIE = 0x2112a442;
const HEADER_BYTES = 20;
const ID_BYTES = 12;

const USERNAME = 0x0006;
const MESSAGE_INTEGRITY = 0x0008;
const ERROR_CODE = 0x0009;
const LIFETIME = 0x000d;
const XOR_PEER_ADDRESS = 0x0012;
const REALM = 0x0014;
const NONCE = 0x0015;
const XOR_RELAYED_ADDRESS = 0x0016;
const REQUESTED_TRANSPORT = 0x0019;
/** The number of UDP among the protocols of IP. */
const UDP = 17;

/** What a request is signed with; the realm and the nonce are the server's. */
export interface TurnLogin {
  username: string;
  password: string;
  realm: string;
  nonce: string;
}

export interface TurnRequest {
  method: TurnMethod;
  /** 12 bytes. */
  id: Buffer;
  /** Seconds. */
  lifetime?: number;
  /** An IPv4 address that the allocation may send to. */
  peer?: string;
  login?: TurnLogin;
}

/** What a server answered. */
export interface TurnAnswer {
  id: Buffer;
  /** 0 for success. */
  error: number;
  realm: string | null;
  nonce: string | null;
  /** Seconds; null when it is not said. */
  lifetime: number | null;
  /** It gave an address that peers can send to. */
  hasRelay: boolean;
}

function attribute(type: number, value: Buffer): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt16BE(type, 0);
  head.writeUInt16BE(value.length, 2);
  return Buffer.concat([head, value, Buffer.alloc((4 - (value.length % 4)) % 4)]);
}

function number32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value >>> 0);
  return bytes;
}

/** IPv4, with the port and the address turned as the protocol wants it. */
function xorAddress(address: string, port: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt8(1, 1);
  bytes.writeUInt16BE(port ^ (COOKIE >>> 16), 2);
  const plain = Buffer.from(address.split('.').map(Number)).readUInt32BE(0);
  bytes.writeUInt32BE((plain ^ COOKIE) >>> 0, 4);
  return bytes;
}

function header(type: number, length: number, id: Buffer): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt16BE(type, 0);
  bytes.writeUInt16BE(length, 2);
  bytes.writeUInt32BE(COOKIE, 4);
  return Buffer.concat([bytes, id]);
}

/** The bytes of a request. */
export function turnRequest({ method, id, lifetime, peer, login }: TurnRequest): Buffer {
  const type = METHODS[method];
  const attributes: Buffer[] = [];
  if (method === 'allocate') attributes.push(attribute(REQUESTED_TRANSPORT, number32(UDP << 24)));
  if (lifetime !== undefined) attributes.push(attribute(LIFETIME, number32(lifetime)));
  // The port counts for nothing: a permission is for an address.
  if (peer !== undefined) attributes.push(attribute(XOR_PEER_ADDRESS, xorAddress(peer, 9)));
  if (!login) {
    const body = Buffer.concat(attributes);
    return Buffer.concat([header(type, body.length, id), body]);
  }
  const { username, password, realm, nonce } = login;
  attributes.push(attribute(USERNAME, Buffer.from(username)));
  attributes.push(attribute(REALM, Buffer.from(realm)));
  attributes.push(attribute(NONCE, Buffer.from(nonce)));
  const body = Buffer.concat(attributes);
  const key = createHash('md5').update(`${username}:${realm}:${password}`).digest();
  // The length that is signed is that with the signature.
  const signed = Buffer.concat([header(type, body.length + 24, id), body]);
  return Buffer.concat([signed, attribute(MESSAGE_INTEGRITY, createHmac('sha1', key).update(signed).digest())]);
}

/** The length of the message that begins here; null when more bytes are needed to know. */
export function turnMessageBytes(bytes: Buffer): number | null {
  return bytes.length < 4 ? null : HEADER_BYTES + bytes.readUInt16BE(2);
}

/** Reads an answer; null for bytes that are none. */
export function readTurnAnswer(bytes: Buffer): TurnAnswer | null {
  if (bytes.length < HEADER_BYTES || bytes.readUInt32BE(4) !== COOKIE) return null;
  if (bytes.length !== turnMessageBytes(bytes)) return null;
  const kind = bytes.readUInt16BE(0) & FAILURE;
  if (kind !== SUCCESS && kind !== FAILURE) return null;
  const id = bytes.subarray(8, 8 + ID_BYTES);
  // A failure that does not say which is one all the same.
  const answer: TurnAnswer = {
    ...{ id, error: kind === SUCCESS ? 0 : 500 },
    ...{ realm: null, nonce: null, lifetime: null, hasRelay: false },
  };
  for (let at = HEADER_BYTES; at + 4 <= bytes.length;) {
    const type = bytes.readUInt16BE(at);
    const length = bytes.readUInt16BE(at + 2);
    const value = bytes.subarray(at + 4, at + 4 + length);
    if (value.length < length) return null;
    if (type === ERROR_CODE && length >= 4) answer.error = (value.readUInt8(2) & 7) * 100 + value.readUInt8(3);
    else if (type === REALM) answer.realm = value.toString();
    else if (type === NONCE) answer.nonce = value.toString();
    else if (type === LIFETIME && length === 4) answer.lifetime = value.readUInt32BE(0);
    else if (type === XOR_RELAYED_ADDRESS) answer.hasRelay = true;
    at += 4 + length + ((4 - (length % 4)) % 4);
  }
  return answer;
}

/** Where a TURN address leads, and how. */
export interface TurnPlace {
  host: string;
  port: number;
  way: 'udp' | 'tcp' | 'tls';
}

/** Reads `turn:host:port?transport=udp`, as the settings let it through. */
export function turnPlace(url: string): TurnPlace {
  const [, scheme = 'turn', rest = '', transport] = /^(turns?):([^?]*)(?:\?transport=(\w+))?$/i.exec(url) ?? [];
  const isSafe = scheme.toLowerCase() === 'turns';
  const [, host = rest, port] = /^(.*?)(?::(\d+))?$/.exec(rest) ?? [];
  return {
    host: host.replace(/^\[|\]$/g, ''),
    port: Number(port ?? (isSafe ? 5349 : 3478)),
    way: isSafe ? 'tls' : transport?.toLowerCase() === 'tcp' ? 'tcp' : 'udp',
  };
}

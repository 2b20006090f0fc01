import { describe, expect, test } from 'vitest';
import { createDoor, type DoorOptions } from '../../../relay/http/door.ts';

const LOCAL: DoorOptions = { loopback: true, allowedHosts: [] };
const NAMED: DoorOptions = { loopback: true, allowedHosts: ['relay.example'] };
const OPEN: DoorOptions = { loopback: false, allowedHosts: [] };
const OPEN_NAMED: DoorOptions = { loopback: false, allowedHosts: ['relay.example'] };

function verdict(options: DoorOptions, host: string | undefined, origin?: string): string {
  const headers = { ...(host === undefined ? {} : { host }), ...(origin === undefined ? {} : { origin }) };
  return createDoor(options)({ headers, headersDistinct: host === undefined ? {} : { host: [host] } })?.code ?? 'in';
}

describe('names', () => {
  test.each<[DoorOptions, string | undefined, string]>([
    [LOCAL, '127.0.0.1:3000', 'in'],
    [LOCAL, 'localhost:3000', 'in'],
    [LOCAL, 'LOCALHOST', 'in'],
    [LOCAL, '[::1]:3000', 'in'],
    [LOCAL, '127.9.9.9', 'in'],
    [LOCAL, 'rebind.example:3000', 'wrong_host'],
    [LOCAL, 'localhost.rebind.example', 'wrong_host'],
    [LOCAL, '127.0.0.1.rebind.example', 'wrong_host'],
    [LOCAL, 'x@127.0.0.1', 'wrong_host'],
    [LOCAL, '127.0.0.1:3000:80', 'wrong_host'],
    [LOCAL, '2130706433', 'wrong_host'],
    [LOCAL, '192.168.0.2', 'wrong_host'],
    [LOCAL, '0.0.0.0:3000', 'wrong_host'],
    [LOCAL, '', 'wrong_host'],
    [LOCAL, undefined, 'wrong_host'],
    [NAMED, 'Relay.Example:443', 'in'],
    [NAMED, 'relay.example.', 'in'],
    [NAMED, 'localhost', 'in'],
    [NAMED, 'rebind.example', 'wrong_host'],
    [OPEN, 'whatever.example', 'in'],
    [OPEN_NAMED, 'relay.example', 'in'],
    [OPEN_NAMED, '192.0.2.1:3000', 'in'],
    [OPEN_NAMED, 'rebind.example', 'wrong_host'],
  ])('%j under %s: %s', (options, host, expected) => expect(verdict(options, host)).toBe(expected));

  test('two hosts are none', () => {
    const twice = { headers: { host: '127.0.0.1' }, headersDistinct: { host: ['127.0.0.1', 'other'] } };
    expect(createDoor(LOCAL)(twice)?.code).toBe('bad_request');
  });
});

describe('pages', () => {
  test.each<[DoorOptions, string, string, string]>([
    [LOCAL, '127.0.0.1:3000', 'http://127.0.0.1:3000', 'in'],
    [LOCAL, 'localhost:3000', 'http://LOCALHOST:3000', 'in'],
    [LOCAL, '127.0.0.1:3000', 'null', 'forbidden'],
    [LOCAL, '127.0.0.1:3000', '', 'forbidden'],
    [LOCAL, '127.0.0.1:3000', 'http://127.0.0.1:5173', 'forbidden'],
    [LOCAL, '127.0.0.1:3000', 'http://localhost:3000', 'forbidden'],
    [LOCAL, '127.0.0.1:3000', 'https://page.example', 'forbidden'],
    [LOCAL, '127.0.0.1:3000', 'file://', 'forbidden'],
    [LOCAL, '127.0.0.1:3000', 'http://127.0.0.1:3000, http://page.example', 'forbidden'],
    [NAMED, '127.0.0.1:3000', 'https://relay.example', 'in'],
    [NAMED, '127.0.0.1:3000', 'https://relay.example.page.example', 'forbidden'],
    [OPEN, '192.0.2.1:3000', 'http://192.0.2.1:3000', 'in'],
    [OPEN, 'rebind.example:3000', 'http://rebind.example:3000', 'forbidden'],
    [OPEN_NAMED, 'relay.example', 'https://relay.example', 'in'],
  ])('%j under %s from %s: %s', (options, host, origin, expected) =>
    expect(verdict(options, host, origin)).toBe(expected),
  );
});

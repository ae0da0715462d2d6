import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { zipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { UserError } from '../../support/error.js';
import { parseTensorFile } from '../tensor-file.js';
import {
  checkpoint,
  dictionary,
  get,
  global,
  integer,
  OP,
  type Part,
  pickle,
  put,
  tensor,
  text,
} from './test-support.pickle.js';

const golden = (name: string) =>
  readFileSync(fileURLToPath(new URL(`../../../goldens/checkpoints/${name}`, import.meta.url)));
const parse = (bytes: Uint8Array) => parseTensorFile(bytes, 'x.pth').tensors;
const module = (...parts: Part[]) => pickle(global('x', 'Y'), OP.emptyTuple, OP.newObject, ...parts);

/** A module whose two children are the module of the level before, which is in the memo at `level - 1`. */
function doubled(levels: number): Uint8Array {
  const first = module(dictionary({ _parameters: dictionary({ w: tensor([2], [1]) }) }), OP.build, put(0), OP.pop);
  const others = Array.from({ length: levels }, (_, i) => {
    const children = pickle(OP.emptyDict, OP.mark, text('a'), get(i), text('b'), get(i), OP.setItems);
    return pickle(module(dictionary({ _modules: children }), OP.build, put(i + 1)), OP.pop);
  });
  return pickle(first, ...others, get(levels));
}

describe('a few bytes that describe gigabytes, or for ever, are refused at once', () => {
  test.each<[string, () => Uint8Array, RegExp]>([
    ['a stride of 0', () => checkpoint(dictionary({ w: tensor([1 << 28], [0]) })), /more than 16 times its size/],
    [
      'views of one storage, many times',
      () =>
        checkpoint(
          dictionary(
            Object.fromEntries(
              Array.from({ length: 900 }, (_, i) => [`w${i}`, tensor([1 << 20], [1], { length: 1 << 20 })]),
            ),
          ),
          { 0: new Uint8Array(1 << 22) },
        ),
      /more than 16 times its size/,
    ],
    ['modules shared on every level', () => checkpoint(doubled(20)), /more entries than a file of its size/],
    [
      'a module that contains itself',
      () => {
        const children = pickle(OP.emptyDict, put(1));
        const whole = module(put(0), pickle(OP.emptyDict, text('_modules'), children, OP.setItem), OP.build, OP.pop);
        return checkpoint(pickle(whole, get(1), text('a'), get(0), OP.setItem, OP.pop, get(0)));
      },
      /nested deeper than 64, or one contains itself/,
    ],
    [
      'one list made into dictionaries, many times',
      () => {
        const pair = pickle(OP.emptyList, OP.mark, text('a'), OP.none, OP.appends, put(0), OP.pop);
        const pairs = pickle(
          OP.emptyList,
          OP.mark,
          ...Array.from({ length: 5000 }, () => pickle(get(0))),
          OP.appends,
          put(1),
          OP.pop,
        );
        const made = pickle(global('collections', 'OrderedDict'), get(1), 0x85, OP.reduce, OP.pop);
        return checkpoint(pickle(pair, pairs, ...Array.from({ length: 5000 }, () => made), OP.none));
      },
      /more entries than a file of its size/,
    ],
    [
      'a pickle of empty dictionaries, packed',
      () =>
        zipSync({
          'a/data.pkl': Buffer.concat([Buffer.of(0x80, 2), Buffer.alloc(1 << 19, 0x7d)]),
          'a/data/0': golden('zip.pth').subarray(0, 80_000),
        }),
      /more than 16 times its size|unpack to more than 8 times/,
    ],
    [
      'entries of an archive that share their bytes',
      () => overlapping(),
      /entries "archive\/data\/1" and "archive\/data\/2" share bytes/,
    ],
  ])('%s', (_what, bytes, message) => {
    const thrown = faultOf(bytes());
    expect(thrown).toBeInstanceOf(UserError);
    expect(thrown?.message).toMatch(message);
  });
});

describe('what JavaScript or the reader would stumble over is an error like any other', () => {
  const storage = (type: string) => checkpoint(dictionary({ w: tensor([2], [1], { type }) }));
  const call = (module: string, name: string, args: Uint8Array) => pickle(global(module, name), args, OP.reduce);
  const listOf = (...items: Uint8Array[]) => pickle(OP.emptyList, OP.mark, ...items, OP.appends);
  test.each<[string, Uint8Array, RegExp]>([
    ['a storage called constructor', storage('constructor'), /a storage that is not described/],
    ['a storage called __proto__', storage('__proto__'), /a storage that is not described/],
    [
      'a storage under __proto__',
      checkpoint(dictionary({ w: tensor([2], [1], { key: '__proto__' }) })),
      /storage "__proto__" is missing/,
    ],
    [
      'a dictionary made of None',
      checkpoint(call('collections', 'OrderedDict', pickle(OP.mark, listOf(Uint8Array.of(OP.none)), OP.tuple))),
      /whose entries are not pairs/,
    ],
    [
      'a dictionary made of a number',
      checkpoint(call('collections', 'OrderedDict', pickle(OP.mark, integer(3), OP.tuple))),
      /made of no entries/,
    ],
    [
      'a function whose name is a list',
      checkpoint(pickle(OP.emptyList, OP.emptyList, 0x93)),
      /the name of a function is not a text/,
    ],
    [
      'keys that are no texts',
      checkpoint(pickle(OP.emptyDict, OP.emptyTuple, OP.none, OP.setItem, OP.none, OP.none, OP.setItem)),
      /it has only "\?", "null"/,
    ],
    [
      'an odd number of items',
      checkpoint(pickle(OP.emptyDict, OP.mark, OP.none, OP.setItems)),
      /sets items of something/,
    ],
    [
      'a hundred keys',
      checkpoint(
        dictionary(Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`k${i}`, Uint8Array.of(OP.none)]))),
      ),
      /it has only "k0", .+"k9" and 90 more; use/,
    ],
    [
      'a key of a megabyte with a colour',
      checkpoint(dictionary({ [`\u001b[31m${'k'.repeat(1 << 20)}`]: Uint8Array.of(OP.none) })),
      /it has only "\\u\{1b\}\[31mk{70,80}…"; use/,
    ],
    [
      'a tensor of a thousand axes',
      checkpoint(dictionary({ w: tensor(Array(1000).fill(1), Array(1000).fill(1)) })),
      /a tensor that is not described/,
    ],
    [
      'a program of TorchScript',
      zipSync({ 'm/data.pkl': Uint8Array.of(0x80, 2, 0x4e, 0x2e), 'm/constants.pkl': Uint8Array.of(1) }),
      /a program of TorchScript .+ save its state_dict\(\) instead/,
    ],
  ])('%s', (_what, bytes, message) => {
    const thrown = faultOf(bytes);
    expect(thrown).toBeInstanceOf(UserError);
    expect(thrown?.message).toMatch(message);
    expect(thrown!.message.length).toBeLessThan(400);
  });

  test('names that JavaScript treats apart are names like others', () => {
    const { tensors } = parseTensorFile(checkpoint(dictionary({ constructor: tensor([2], [1]) })), 'x');
    expect([...tensors.keys()]).toEqual(['constructor']);
  });

  test('three hundred thousand values in one list', () => {
    const many = pickle(OP.emptyList, OP.mark, new Uint8Array(300_000).fill(OP.none), OP.appends);
    const value = dictionary({ many, state_dict: dictionary({ w: tensor([4], [1]) }) });
    expect([...parse(checkpoint(value)).keys()]).toEqual(['w']);
  });
});

test.each([
  'zip.pth',
  'legacy.pth',
  'protocol4.pt',
  'network.pt',
  'network-legacy.pt',
  'run.pth.tar',
  'types-legacy.pth',
])('changed bytes of %s are read or named, never an exception of another kind', (name) => {
  const whole = golden(name);
  const change = fc.tuple(fc.nat(whole.length - 1), fc.nat(255));
  fc.assert(
    fc.property(
      fc.array(change, { minLength: 1, maxLength: 4 }),
      fc.option(fc.nat(whole.length), { freq: 9 }),
      (changes, end) => {
        const bytes = new Uint8Array(whole);
        for (const [place, value] of changes) bytes[place] = value;
        const thrown = faultOf(end === null ? bytes : bytes.subarray(0, end));
        if (thrown !== undefined) expect(thrown).toBeInstanceOf(UserError);
        // What the boundary had to catch would be a fault that the reader does not foresee.
        expect(thrown?.cause).toBeUndefined();
      },
    ),
    { numRuns: 400, seed: 24 },
  );
});

function faultOf(bytes: Uint8Array): Error | undefined {
  try {
    parse(bytes);
    return undefined;
  } catch (thrown) {
    return thrown as Error;
  }
}

/** An archive in whose directory two entries are at one place. */
function overlapping(): Uint8Array {
  const storages = { 1: new Uint8Array(64), 2: new Uint8Array(64) };
  const bytes = Buffer.from(checkpoint(dictionary({ w: tensor([2], [1]) }), storages));
  const places = ['archive/data/1', 'archive/data/2'].map((name) => bytes.lastIndexOf(name) - 46 + 42);
  bytes.copy(bytes, places[1]!, places[0]!, places[0]! + 4);
  return bytes;
}

import { describe, expect, test } from 'vitest';
import { Unreadable } from '../reader.js';
import { parsePyTorch } from './read.js';
import { checkpoint, dictionary, global, integer, OP, pickle, tensor, text } from './test-support.pickle.js';

const weights = dictionary({ w: tensor([2, 2], [2, 1]) });
const call = (module: string, name: string, ...args: Uint8Array[]) =>
  pickle(global(module, name), OP.mark, ...args, OP.tuple, OP.reduce);
const tuple = (...items: Uint8Array[]) => pickle(OP.mark, ...items, OP.tuple);
const list = (...items: Uint8Array[]) => pickle(OP.emptyList, OP.mark, ...items, OP.appends);
const none = Uint8Array.of(OP.none);
const bytes = (...values: number[]) => Uint8Array.of(0x43, values.length, ...values);

const numpyArray = pickle(
  call('numpy.core.multiarray', '_reconstruct', pickle(global('numpy', 'ndarray')), tuple(integer(0)), bytes(0x62)),
  tuple(integer(1), tuple(integer(2)), call('numpy', 'dtype', text('f8')), Uint8Array.of(0x89), bytes(1, 2, 3)),
  OP.build,
);

describe('objects beside weights are left aside, whatever makes them', () => {
  test.each<[string, Uint8Array]>([
    ['an array of NumPy 1', numpyArray],
    ['an array of NumPy 2', call('numpy._core.multiarray', '_reconstruct', pickle(global('numpy', 'ndarray')))],
    ['the state of a random generator', call('numpy.random._pickle', '__randomstate_ctor', text('MT19937'))],
    ['a path', call('pathlib', 'PosixPath', text('runs'), text('x'))],
    ['a path of Windows', call('pathlib', 'WindowsPath', text('C:\\'))],
    [
      'a counter',
      pickle(call('collections', 'Counter', dictionary({ a: integer(3) })), text('b'), integer(1), OP.setItem),
    ],
    ['a deque', pickle(call('collections', 'deque', list(), integer(5)), OP.mark, integer(1), integer(2), OP.appends)],
    ['a date', call('datetime', 'datetime', bytes(7, 226, 1, 2, 3, 4, 5, 0, 0, 0))],
    ['a frozen set', call('builtins', 'frozenset', list(integer(1)))],
    ['a frozen set by its opcode', pickle(OP.mark, integer(1), integer(2), 0x91)],
    ['a complex number', call('builtins', 'complex', integer(1), integer(2))],
    ['a decimal, an identifier, a fraction', tuple(call('decimal', 'Decimal', text('1.5')), call('uuid', 'UUID'))],
    ['a member of an enumeration', call('options', 'Mode', integer(1))],
    ['a member of a nested class', call('builtins', 'getattr', pickle(global('options', 'Outer')), text('Mode'))],
    [
      'a configuration that is a dictionary',
      pickle(global('easydict', 'EasyDict'), OP.emptyTuple, OP.newObject, text('lr'), integer(1), OP.setItem),
    ],
    [
      'an object with slots',
      pickle(global('a', 'B'), OP.emptyTuple, OP.newObject, tuple(none, dictionary({ x: none })), OP.build),
    ],
    ['an object of protocol 0', pickle(OP.mark, 'ioptions\nArguments\n', dictionary({ x: none }), OP.build)],
    ['an object made by its class', pickle(OP.mark, global('options', 'Arguments'), 0x6f)],
    ['an object with named arguments', pickle(global('a', 'B'), OP.emptyTuple, OP.emptyDict, 0x92)],
    [
      'texts and numbers of protocol 0',
      pickle(OP.mark, "S'a'\n", 'Vb\n', 'I12\n', 'L34L\n', 'F1.5\n', 'p7\n', 'g7\n', OP.tuple),
    ],
    ['a dictionary of protocol 0', pickle(OP.mark, text('a'), integer(1), 0x64)],
    [
      'long bytes, texts and numbers',
      pickle(
        OP.mark,
        0x8e,
        [1, 0, 0, 0, 0, 0, 0, 0, 9],
        0x8d,
        [1, 0, 0, 0, 0, 0, 0, 0, 65],
        0x8b,
        [1, 0, 0, 0, 5],
        OP.tuple,
      ),
    ],
  ])('%s', (_what, object) => {
    const inside = checkpoint(dictionary({ extra: object, state_dict: weights }));
    expect([...parsePyTorch(inside).state.keys()]).toEqual(['w']);
    const beside = checkpoint(dictionary({ extra: object, w: tensor([4], [1]) }));
    expect(parsePyTorch(beside).state.get('w')!.data).toEqual(Float32Array.of(1, 2, 3, 4));
  });
});

describe('what weights are made of is rebuilt', () => {
  test.each<[string, Uint8Array]>([
    [
      'a dictionary of a class of its own',
      pickle(global('mmengine', 'ConfigDict'), OP.emptyTuple, OP.newObject, text('state_dict'), weights, OP.setItem),
    ],
    [
      'an ordered dictionary made of pairs',
      call('collections', 'OrderedDict', list(list(text('w'), tensor([4], [1])))),
    ],
    [
      'a parameter with attributes',
      dictionary({ w: call('torch._utils', '_rebuild_parameter_with_state', tensor([4], [1]), none, none) }),
    ],
    [
      'a tensor of a class of its own',
      dictionary({
        w: call(
          'torch._tensor',
          '_rebuild_from_type_v2',
          pickle(global('torch._utils', '_rebuild_parameter')),
          pickle(global('a', 'T')),
          tuple(tensor([4], [1])),
          dictionary({}),
        ),
      }),
    ],
  ])('%s', (_what, value) => {
    expect([...parsePyTorch(checkpoint(value)).state.keys()]).toEqual(['w']);
  });

  test('a tensor of a kind that is not read is named', () => {
    const value = dictionary({ a: tensor([4], [1]), w: call('torch._utils', '_rebuild_qtensor', none) });
    expect(() => parsePyTorch(checkpoint(value))).toThrow('"w" is made by torch._utils._rebuild_qtensor, a kind of');
  });
});

test.each<[string, string]>([
  ['posix', 'system'],
  ['nt', 'system'],
  ['os', 'popen'],
  ['subprocess', 'Popen'],
  ['builtins', 'eval'],
  ['builtins', 'exec'],
  ['__builtin__', 'execfile'],
  ['builtins', '__import__'],
  ['importlib', 'import_module'],
  ['runpy', '_run_code'],
  ['torch.hub', 'load'],
  ['numpy.testing._private.utils', 'runstring'],
  ['operator', 'attrgetter'],
  ['shutil', 'rmtree'],
])('a call of %s.%s is still refused, beside weights, too', (module, name) => {
  const value = dictionary({ state_dict: weights, extra: call(module, name, text('echo')) });
  expect(() => parsePyTorch(checkpoint(value))).toThrow(`refused: it calls ${module}.${name}, which no checkpoint`);
  const made = dictionary({ state_dict: weights, extra: pickle(OP.mark, `i${module}\n${name}\n`) });
  expect(() => parsePyTorch(checkpoint(made))).toThrow(Unreadable);
});

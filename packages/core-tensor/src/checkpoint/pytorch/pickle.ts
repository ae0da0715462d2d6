import type { Budget } from '../budget.js';
import { type Reader, Unreadable } from '../reader.js';
import { call } from './globals.js';
import { Machine } from './machine.js';
import type { Pickled, Storage } from './values.js';

/** Limits, above the needs of any state_dict. */
const LIMITS = { text: 64 << 20, line: 1 << 20, operations: 20_000_000 };

/** What a pickle describes. */
export interface PickleContent {
  readonly root: Pickled;
  /** Storages it names, by key; also those whose tensors nothing reads. */
  readonly storages: ReadonlyMap<string, Storage>;
}

/**
 * Reads one pickle without running anything: with the opcodes that make values, functions rewritten in globals.ts, and
 * limits on sizes and depth, which a general parser lacks.
 * @throws Unreadable naming the first thing that is refused
 */
export function readPickle(reader: Reader, budget: Budget): PickleContent {
  const machine = new Machine(budget);
  for (let done = 0; done < LIMITS.operations; done++) {
    const at = reader.at;
    const opcode = reader.byte();
    if (opcode === STOP) return { root: machine.pop(), storages: machine.storages };
    const operation = OPERATIONS.get(opcode);
    if (operation === undefined)
      throw new Unreadable(`refused: opcode 0x${opcode.toString(16)} at byte ${at} is not one of a state_dict's`);
    operation(machine, reader);
  }
  throw new Unreadable(`refused: more than ${LIMITS.operations} operations`);
}

type Operation = (machine: Machine, reader: Reader) => void;

const STOP = 0x2e;

const text =
  (length: (reader: Reader) => number): Operation =>
  (m, r) =>
    m.push(r.text(length(r), LIMITS.text));
const bytes =
  (length: (reader: Reader) => number): Operation =>
  (m, r) =>
    m.push(r.take(length(r)));
const several =
  (count: number): Operation =>
  (m) => {
    const items = Array.from({ length: count }, () => m.pop());
    m.tuple(items.reverse());
  };

/** Operations by opcode, with the names of Python's pickletools. */
const OPERATIONS: ReadonlyMap<number, Operation> = new Map<number, Operation>([
  [0x80, (_, r) => void r.byte()], // PROTO
  [0x95, (_, r) => void r.uint64()], // FRAME
  [0x28, (m) => m.mark()], // MARK
  [0x30, (m) => void m.pop()], // POP
  [0x31, (m) => void m.sinceMark()], // POP_MARK
  [0x4e, (m) => m.push(null)], // NONE
  [0x88, (m) => m.push(true)], // NEWTRUE
  [0x89, (m) => m.push(false)], // NEWFALSE
  [0x49, (m, r) => m.push(decimal(r.line(LIMITS.line)))], // INT
  [0x4c, (m, r) => m.push(decimal(r.line(LIMITS.line).replace(/L$/, '')))], // LONG
  [0x4a, (m, r) => m.push(r.int32())], // BININT
  [0x4b, (m, r) => m.push(r.byte())], // BININT1
  [0x4d, (m, r) => m.push(r.uint16())], // BININT2
  [0x8a, (m, r) => m.push(r.long(r.byte()))], // LONG1
  [0x8b, (m, r) => m.push(r.long(r.int32()))], // LONG4
  [0x46, (m, r) => m.push(Number(r.line(LIMITS.line)))], // FLOAT
  [0x47, (m, r) => m.push(r.float64())], // BINFLOAT
  [0x54, text((r) => r.uint32())], // BINSTRING
  [0x55, text((r) => r.byte())], // SHORT_BINSTRING
  [0x58, text((r) => r.uint32())], // BINUNICODE
  [0x8c, text((r) => r.byte())], // SHORT_BINUNICODE
  [0x8d, text((r) => r.uint64())], // BINUNICODE8
  [0x53, (m, r) => m.push(r.line(LIMITS.line).slice(1, -1))], // STRING
  [0x56, (m, r) => m.push(r.line(LIMITS.line))], // UNICODE
  [0x8e, bytes((r) => r.uint64())], // BINBYTES8
  [0x96, bytes((r) => r.uint64())], // BYTEARRAY8
  [0x42, bytes((r) => r.uint32())], // BINBYTES
  [0x43, bytes((r) => r.byte())], // SHORT_BINBYTES
  [0x5d, (m) => m.push([])], // EMPTY_LIST
  [0x29, (m) => m.push([])], // EMPTY_TUPLE
  [0x8f, (m) => m.push([])], // EMPTY_SET
  [0x7d, (m) => m.push(new Map())], // EMPTY_DICT
  [0x6c, (m) => m.tuple(m.sinceMark())], // LIST
  [0x91, (m) => m.tuple(m.sinceMark())], // FROZENSET
  [
    0x64, // DICT
    (m) => {
      const items = m.sinceMark();
      m.push(new Map());
      m.setItems(items);
    },
  ],
  [0x32, (m) => m.push(m.top())], // DUP
  [0x74, (m) => m.tuple(m.sinceMark())], // TUPLE
  [0x85, several(1)], // TUPLE1
  [0x86, several(2)], // TUPLE2
  [0x87, several(3)], // TUPLE3
  [0x61, (m) => m.append([m.pop()])], // APPEND
  [0x65, (m) => m.append(m.sinceMark())], // APPENDS
  [0x90, (m) => m.append(m.sinceMark())], // ADDITEMS
  [
    0x73, // SETITEM
    (m) => {
      const value = m.pop();
      m.setItems([m.pop(), value]);
    },
  ],
  [0x75, (m) => m.setItems(m.sinceMark())], // SETITEMS
  [0x71, (m, r) => m.remember(r.byte())], // BINPUT
  [0x72, (m, r) => m.remember(r.uint32())], // LONG_BINPUT
  [0x94, (m) => m.remember(m.remembered)], // MEMOIZE
  [0x70, (m, r) => m.remember(place(r))], // PUT
  [0x68, (m, r) => m.recall(r.byte())], // BINGET
  [0x67, (m, r) => m.recall(place(r))], // GET
  [0x6a, (m, r) => m.recall(r.uint32())], // LONG_BINGET
  [0x63, (m, r) => m.global(r.line(LIMITS.line), r.line(LIMITS.line))], // GLOBAL
  [
    0x93, // STACK_GLOBAL
    (m) => {
      const name = m.pop();
      m.global(m.pop(), name);
    },
  ],
  [0x51, (m) => m.persistent(m.pop())], // BINPERSID
  [
    0x52, // REDUCE
    (m) => {
      const args = m.pop();
      m.push(call(m.pop(), args, m.budget));
    },
  ],
  [
    0x81, // NEWOBJ
    (m) => {
      const args = m.pop();
      m.push(call(m.pop(), args, m.budget));
    },
  ],
  [
    0x92, // NEWOBJ_EX
    (m) => {
      m.pop();
      const args = m.pop();
      m.push(call(m.pop(), args, m.budget));
    },
  ],
  [
    0x69, // INST
    (m, r) => {
      m.global(r.line(LIMITS.line), r.line(LIMITS.line));
      const type = m.pop();
      m.push(call(type, m.sinceMark(), m.budget));
    },
  ],
  [
    0x6f, // OBJ
    (m) => {
      const [type = null, ...args] = m.sinceMark();
      m.push(call(type, args, m.budget));
    },
  ],
  [0x62, (m) => m.build(m.pop())], // BUILD
]);

/** Place in the memo, in digits. */
function place(reader: Reader): number {
  const line = reader.line(LIMITS.line);
  if (!/^\d{1,15}$/.test(line)) throw new Unreadable('an invalid pickle: a place in its memo is not a number');
  return Number(line);
}

function decimal(line: string): number | boolean | bigint {
  if (line === '00' || line === '01') return line === '01';
  if (!/^[+-]?\d{1,40}$/.test(line)) throw new Unreadable('an invalid pickle: one of its numbers cannot be parsed');
  const value = BigInt(line);
  return value >= -(2n ** 53n) && value <= 2n ** 53n ? Number(value) : value;
}

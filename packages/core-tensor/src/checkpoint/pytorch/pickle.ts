import { type Reader, Unreadable } from '../reader.js';
import { call, create, persistent } from './globals.js';
import { Global, INERT, Instance, type Pickled } from './values.js';

/** Limits, above the needs of any state_dict. */
const LIMITS = { text: 1 << 20, operations: 20_000_000, depth: 64, memo: 4_000_000 };

/**
 * Reads one pickle without running anything: with an allow-list of opcodes here, one of functions in globals.ts, and
 * limits on sizes and depth, which a general parser lacks.
 * @throws Unreadable naming the first thing that is refused
 */
export function readPickle(reader: Reader): Pickled {
  return new Machine(reader).run();
}

class Machine {
  private stack: Pickled[] = [];
  private readonly marks: Pickled[][] = [];
  private readonly memo = new Map<number, Pickled>();
  private readonly depths = new WeakMap<object, number>();

  constructor(private readonly reader: Reader) {}

  run(): Pickled {
    for (let done = 0; done < LIMITS.operations; done++) {
      const at = this.reader.at;
      const opcode = this.reader.byte();
      if (opcode === STOP) return this.pop();
      const operation = OPERATIONS.get(opcode);
      if (operation === undefined)
        throw new Unreadable(`refused: opcode 0x${opcode.toString(16)} at byte ${at} is not one of a state_dict's`);
      operation(this, this.reader);
    }
    throw new Unreadable(`refused: more than ${LIMITS.operations} operations`);
  }

  push(value: Pickled): void {
    this.stack.push(value);
  }

  pop(): Pickled {
    const value = this.stack.pop();
    if (value === undefined) throw new Unreadable('an invalid pickle: it pops an empty stack');
    return value;
  }

  top(): Pickled {
    const value = this.stack.at(-1);
    if (value === undefined) throw new Unreadable('an invalid pickle: it reads the top of an empty stack');
    return value;
  }

  mark(): void {
    if (this.marks.length >= LIMITS.depth) throw new Unreadable(`refused: nested deeper than ${LIMITS.depth}`);
    this.marks.push(this.stack);
    this.stack = [];
  }

  /** Takes the values pushed since the last mark. */
  sinceMark(): Pickled[] {
    const items = this.stack;
    const before = this.marks.pop();
    if (before === undefined) throw new Unreadable('an invalid pickle: a mark on its stack is missing');
    this.stack = before;
    return items;
  }

  tuple(items: Pickled[]): void {
    for (const item of items) this.nest(items, item);
    this.push(items);
  }

  append(items: readonly Pickled[]): void {
    const list = this.top();
    if (!Array.isArray(list)) throw new Unreadable('an invalid pickle: it appends to something that is not a list');
    for (const item of items) {
      this.nest(list, item);
      list.push(item);
    }
  }

  setItems(items: readonly Pickled[]): void {
    const dictionary = this.top();
    if (dictionary === INERT) return;
    if (!(dictionary instanceof Map) || items.length % 2 !== 0)
      throw new Unreadable('an invalid pickle: it sets items of something that is not a dictionary');
    for (let i = 0; i < items.length; i += 2) {
      this.nest(dictionary, items[i + 1]!);
      dictionary.set(items[i], items[i + 1]!);
    }
  }

  /** Sets attributes of the object on top; only those of modules matter. */
  build(state: Pickled): void {
    const object = this.top();
    if (!(object instanceof Instance) || !(state instanceof Map)) return;
    this.nest(object, state);
    for (const [name, value] of state) object.attributes.set(name, value);
  }

  remember(index: number): void {
    if (this.memo.size >= LIMITS.memo) throw new Unreadable('refused: it memoises too many values');
    this.memo.set(index, this.top());
  }

  recall(index: number): void {
    const value = this.memo.get(index);
    if (value === undefined)
      throw new Unreadable('an invalid pickle: it gets a value from its memo that it never put there');
    this.push(value);
  }

  get remembered(): number {
    return this.memo.size;
  }

  private nest(container: object, item: Pickled): void {
    const inner = typeof item === 'object' && item !== null ? (this.depths.get(item) ?? 0) : 0;
    const depth = Math.max(this.depths.get(container) ?? 1, inner + 1);
    if (depth > LIMITS.depth) throw new Unreadable(`refused: nested deeper than ${LIMITS.depth}`);
    this.depths.set(container, depth);
  }
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
  [0x49, (m, r) => m.push(decimal(r.line(LIMITS.text)))], // INT
  [0x4c, (m, r) => m.push(decimal(r.line(LIMITS.text).replace(/L$/, '')))], // LONG
  [0x4a, (m, r) => m.push(r.int32())], // BININT
  [0x4b, (m, r) => m.push(r.byte())], // BININT1
  [0x4d, (m, r) => m.push(r.uint16())], // BININT2
  [0x8a, (m, r) => m.push(r.long(r.byte()))], // LONG1
  [0x46, (m, r) => m.push(Number(r.line(LIMITS.text)))], // FLOAT
  [0x47, (m, r) => m.push(r.float64())], // BINFLOAT
  [0x54, text((r) => r.uint32())], // BINSTRING
  [0x55, text((r) => r.byte())], // SHORT_BINSTRING
  [0x58, text((r) => r.uint32())], // BINUNICODE
  [0x8c, text((r) => r.byte())], // SHORT_BINUNICODE
  [0x42, bytes((r) => r.uint32())], // BINBYTES
  [0x43, bytes((r) => r.byte())], // SHORT_BINBYTES
  [0x5d, (m) => m.push([])], // EMPTY_LIST
  [0x29, (m) => m.push([])], // EMPTY_TUPLE
  [0x8f, (m) => m.push([])], // EMPTY_SET
  [0x7d, (m) => m.push(new Map())], // EMPTY_DICT
  [0x6c, (m) => m.tuple(m.sinceMark())], // LIST
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
  [0x68, (m, r) => m.recall(r.byte())], // BINGET
  [0x6a, (m, r) => m.recall(r.uint32())], // LONG_BINGET
  [0x63, (m, r) => m.push(new Global(`${r.line(LIMITS.text)}.${r.line(LIMITS.text)}`))], // GLOBAL
  [
    0x93, // STACK_GLOBAL
    (m) => {
      const [name, module] = [m.pop(), m.pop()];
      m.push(new Global(`${String(module)}.${String(name)}`));
    },
  ],
  [0x51, (m) => m.push(persistent(m.pop()))], // BINPERSID
  [
    0x52, // REDUCE
    (m) => {
      const args = m.pop();
      m.push(call(m.pop(), args));
    },
  ],
  [
    0x81, // NEWOBJ
    (m) => {
      const args = m.pop();
      m.push(create(m.pop(), args));
    },
  ],
  [0x62, (m) => m.build(m.pop())], // BUILD
]);

function decimal(line: string): number | boolean | bigint {
  if (line === '00' || line === '01') return line === '01';
  if (!/^[+-]?\d{1,40}$/.test(line)) throw new Unreadable('an invalid pickle: one of its numbers cannot be parsed');
  const value = BigInt(line);
  return value >= -(2n ** 53n) && value <= 2n ** 53n ? Number(value) : value;
}

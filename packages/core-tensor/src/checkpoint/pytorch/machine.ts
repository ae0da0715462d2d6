import type { Budget } from '../budget.js';
import { Unreadable } from '../reader.js';
import { persistent } from './globals.js';
import { Global, Instance, type Pickled, Storage } from './values.js';

/** Limits, above the needs of any state_dict. */
const LIMITS = { depth: 64, memo: 4_000_000 };

/** Memory of a small object; one byte of a pickle can make one. */
const OBJECT_BYTES = 100;

/** Stack, marks and memo of a pickle that is being read, with limits on their sizes and their depth. */
export class Machine {
  private stack: Pickled[] = [];
  private readonly marks: Pickled[][] = [];
  private readonly memo = new Map<number, Pickled>();
  private readonly depths = new WeakMap<object, number>();

  readonly storages = new Map<string, Storage>();

  constructor(readonly budget: Budget) {}

  push(value: Pickled): void {
    if (typeof value === 'object' && value !== null) this.budget.allocate(OBJECT_BYTES);
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
    // A deque, say: its items stand beside weights, and nothing reads them.
    if (list instanceof Instance) return;
    if (!Array.isArray(list)) throw new Unreadable('an invalid pickle: it appends to something that is not a list');
    for (const item of items) {
      this.nest(list, item);
      list.push(item);
    }
  }

  setItems(items: readonly Pickled[]): void {
    const dictionary = this.dictionaryOnTop();
    if (dictionary === undefined || items.length % 2 !== 0)
      throw new Unreadable('an invalid pickle: it sets items of something that is not a dictionary');
    for (let i = 0; i < items.length; i += 2) {
      this.nest(dictionary, items[i + 1]!);
      dictionary.set(items[i], items[i + 1]!);
    }
  }

  /** Sets attributes of the object on top; only those of modules matter. */
  build(state: Pickled): void {
    const object = this.top();
    // Objects with slots have a pair: their attributes, and those in slots.
    const own = Array.isArray(state) ? state[0] : state;
    if (!(object instanceof Instance) || !(own instanceof Map)) return;
    this.nest(object, own);
    this.budget.walk(own.size);
    object.attributes ??= new Map();
    for (const [name, value] of own) object.attributes.set(name, value);
  }

  /** Names a global. @param module and @param name texts that the pickle made */
  global(module: Pickled, name: Pickled): void {
    if (typeof module !== 'string' || typeof name !== 'string')
      throw new Unreadable('an invalid pickle: the name of a function is not a text');
    this.push(new Global(`${module}.${name}`));
  }

  persistent(id: Pickled): void {
    const found = persistent(id);
    if (found instanceof Storage) this.storages.set(found.key, found);
    this.push(found);
  }

  remember(index: number): void {
    if (this.memo.size >= LIMITS.memo) throw new Unreadable('refused: it memoises too many values');
    this.memo.set(index, this.top());
  }

  recall(index: number): void {
    const value = this.memo.get(index);
    if (value === undefined)
      throw new Unreadable('an invalid pickle: it gets a value from its memo that it never put there');
    this.stack.push(value);
  }

  get remembered(): number {
    return this.memo.size;
  }

  private dictionaryOnTop(): Map<unknown, Pickled> | undefined {
    const top = this.top();
    if (!(top instanceof Instance)) return top instanceof Map ? top : undefined;
    top.entries ??= new Map();
    return top.entries;
  }

  private nest(container: object, item: Pickled): void {
    const inner = typeof item === 'object' && item !== null ? (this.depths.get(item) ?? 0) : 0;
    const depth = Math.max(this.depths.get(container) ?? 1, inner + 1);
    if (depth > LIMITS.depth) throw new Unreadable(`refused: nested deeper than ${LIMITS.depth}`);
    this.depths.set(container, depth);
  }
}

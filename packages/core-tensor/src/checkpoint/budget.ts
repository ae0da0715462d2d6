import { Unreadable } from './reader.js';

/** What any file may take, however small. */
const SMALL = { bytes: 1 << 20, nodes: 10_000 };
/** Bytes per byte of the file: whole numbers of one byte become eight, and an archive may be compressed. */
const BYTES_RATIO = 16;
const NODES_RATIO = 2;
const MOST_NODES = 20_000_000;

/**
 * Limits on what reading one file may take, in proportion to its size. A few bytes can describe a tensor of gigabytes
 * (a stride of 0), or a million modules (each named twice by the one above), so what counts is not what the file
 * declares but what is allocated and walked.
 */
export class Budget {
  private bytes: number;
  private nodes: number;

  /** @param size size of the file, in bytes */
  constructor(size: number) {
    this.bytes = SMALL.bytes + BYTES_RATIO * size;
    this.nodes = SMALL.nodes + Math.min(NODES_RATIO * size, MOST_NODES);
  }

  /** Takes bytes that are about to be allocated. @throws Unreadable if the file has used up its share */
  allocate(bytes: number): void {
    this.bytes -= bytes;
    if (!(this.bytes >= 0))
      throw new Unreadable(`refused: what it describes would take more than ${BYTES_RATIO} times its size in memory`);
  }

  /** Takes entries that are about to be walked. @throws Unreadable if the file has used up its share */
  walk(nodes: number): void {
    this.nodes -= nodes;
    if (!(this.nodes >= 0)) throw new Unreadable('refused: it describes more entries than a file of its size holds');
  }
}

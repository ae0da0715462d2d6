import type { RestoreEvent } from './events.js';

/** Speed of a run, over the time since the network was ready; failed pictures take next to no time. */
export class Pace {
  private since: number | undefined;
  private pictures = 0;
  private left = 0;

  see(event: RestoreEvent): void {
    if (event.event === 'start') [this.since, this.left] = [Date.now(), event.pictures];
    if (event.event === 'restored') this.pictures++;
    if (event.event === 'restored' || event.event === 'failed') this.left--;
  }

  /** Pictures a second, and seconds left; undefined before the first picture and after the last. */
  get now(): { readonly rate: number; readonly left: number } | undefined {
    if (this.since === undefined || this.pictures === 0 || this.left === 0) return undefined;
    const each = Math.max(Date.now() - this.since, 1) / this.pictures / 1000;
    return { rate: 1 / each, left: each * this.left };
  }
}

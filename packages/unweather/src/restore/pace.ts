/** Events of a picture that took its time. */
const DONE = new Set(['restored', 'scored']);

/** Speed of a run, over the time since the network was ready; failed pictures take next to no time. */
export class Pace {
  private since: number | undefined;
  private pictures = 0;
  private left = 0;

  /** Notes that a run starts, or that a picture is done; other events are ignored. */
  see({ event, pictures = 0 }: { readonly event: string; readonly pictures?: number }): void {
    if (event === 'start') [this.since, this.left] = [performance.now(), pictures];
    if (DONE.has(event)) this.pictures++;
    if (DONE.has(event) || event === 'failed') this.left--;
  }

  /** Pictures a second, and seconds left; undefined before the first picture and after the last. */
  get now(): { readonly rate: number; readonly left: number } | undefined {
    if (this.since === undefined || this.pictures === 0 || this.left === 0) return undefined;
    const each = Math.max(performance.now() - this.since, 1) / this.pictures / 1000;
    return { rate: 1 / each, left: each * this.left };
  }
}

/** The machine's clock as this process sees it, set forth or back while it runs. Its monotonic clock goes on. */
const RealDate = Date;
let offset = 0;

class MovedDate extends RealDate {
  // biome-ignore lint/suspicious/noExplicitAny: as many forms as Date itself has
  constructor(...args: any[]) {
    // biome-ignore lint/suspicious/noExplicitAny: passed on as they came
    super(...((args.length === 0 ? [RealDate.now() + offset] : args) as [any]));
  }
  static override now(): number {
    return RealDate.now() + offset;
  }
}

/** @param by Milliseconds from the true time. */
export function moveClock(by: number): void {
  offset = by;
  globalThis.Date = by === 0 ? RealDate : (MovedDate as DateConstructor);
}

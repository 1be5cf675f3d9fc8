const WIDTH = 30;
const EVERY_MS = 100;

/** A bar on stderr; nothing where stderr is no terminal, so that logs stay clean. */
export class Progress {
  private drawnAt = 0;

  constructor(private readonly to: NodeJS.WriteStream = process.stderr) {}

  /** `share` of the whole, 0 to 1. */
  show(share: number, label: string): void {
    const now = performance.now();
    if (!this.to.isTTY || now - this.drawnAt < EVERY_MS) return;
    this.drawnAt = now;
    const full = Math.round(Math.min(1, Math.max(0, share)) * WIDTH);
    this.to.write(`\r\u001b[K[${'#'.repeat(full)}${'.'.repeat(WIDTH - full)}] ${Math.floor(share * 100)}% ${label}`);
  }

  clear(): void {
    if (this.to.isTTY) this.to.write('\r\u001b[K');
  }
}

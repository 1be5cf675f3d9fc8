import type { Host } from './host.js';

/** One thing that is measured; `npm run bench -- {name}` runs it alone. */
export interface Benchmark {
  name: string;
  /** What is compared with what, and which promise both keep. In Markdown, for docs/benchmarks.md. */
  about: string;
  run(host: Host): Promise<Table[]>;
}

/** A table of docs/benchmarks.md; the first row is its header. */
export interface Table {
  title: string;
  rows: string[][];
}

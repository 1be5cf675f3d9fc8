import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { format, resolveConfig } from 'prettier';
import type { Benchmark, Table } from './benchmark.js';

const FILE = path.resolve(import.meta.dirname, '../../../docs/benchmarks.md');

const INTRODUCTION = `# Benchmarks

Written by \`npm run bench\`; \`npm run bench -- import\` measures one thing and replaces its section. Each section compares Kuchikomi with
a limit: the least program that keeps the same promise, on the same database, in the same run, in turns. Machines differ and shared ones change by the minute: only
the ratio of two figures of one run means something elsewhere.
`;

/** Puts the section of a benchmark into docs/benchmarks.md, in the place of its last one. */
export async function report(benchmark: Benchmark, tables: readonly Table[], about: string, order: readonly string[]) {
  const sections = sectionsOf(existsSync(FILE) ? readFileSync(FILE, 'utf8') : '');
  sections.set(benchmark.name, sectionOf(benchmark, tables, about));
  const kept = order.flatMap((name) => sections.get(name) ?? []);
  const text = [INTRODUCTION, ...kept].join('\n');
  const style = await resolveConfig(FILE);
  writeFileSync(FILE, await format(text, { ...style, parser: 'markdown' }));
}

function sectionsOf(text: string): Map<string, string> {
  const [, ...sections] = text.split(/^## /m);
  return new Map(sections.map((section) => [section.split('\n', 1)[0]!, `## ${section}`]));
}

function sectionOf({ name, about }: Benchmark, tables: readonly Table[], server: string): string {
  const [cpu] = os.cpus();
  const machine = `${os.cpus().length} cores (${cpu?.model.trim() ?? '?'}), ${Math.round(os.totalmem() / 2 ** 30)} GiB, ${os.type()}`;
  const when = `${new Date().toISOString().slice(0, 10)}, ${machine}, Node ${process.versions.node}, ${server}`;
  return [`## ${name}`, about, `_${when}_`, ...tables.map(markdownOf)].join('\n\n');
}

function markdownOf({ title, rows: [header = [], ...rows] }: Table): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const rule = header.map((_, column) => (column === 0 ? '---' : '---:'));
  return [title, '', line(header), line(rule), ...rows.map(line), ''].join('\n');
}

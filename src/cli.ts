#!/usr/bin/env node
import 'reflect-metadata';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { Command } from 'commander';
import { demoCommand } from './cli/demo-full.js';
import { demoReadersCommand } from './cli/demo-readers.js';
import { exportCommand } from './cli/export.js';
import { importCommand } from './cli/import.js';
import { inviteCommand } from './cli/invite.js';
import { reconcileCommand } from './cli/reconcile.js';
import { DomainError } from './domain/errors.js';
import { ConfigError } from './platform/config.js';
import { StartError } from './platform/start-error.js';
import { PROJECT_ROOT } from './platform/templates.js';

/** `kuchikomi`: what an operator does from a terminal, beside a running service or without one. */
const calledFrom = process.env.INIT_CWD ?? process.cwd(); // npm run changes it
// As npm start does, so that both mean the same DATA_DIR and read the same settings.
process.chdir(PROJECT_ROOT);
if (existsSync('.env')) process.loadEnvFile('.env');

const inCallersFolder = (file: string) => path.resolve(calledFrom, file);
const program = new Command('kuchikomi')
  .description('Kuchikomi from the command line. Reads the same settings as the service.')
  .addCommand(importCommand(inCallersFolder))
  .addCommand(exportCommand())
  .addCommand(inviteCommand())
  .addCommand(reconcileCommand())
  .addCommand(demoReadersCommand(inCallersFolder))
  .addCommand(demoCommand());

try {
  await program.parseAsync();
} catch (error) {
  const isForPeople = error instanceof ConfigError || error instanceof StartError || error instanceof DomainError;
  process.stderr.write(`${isForPeople ? error.message : error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 1;
}

import { afterAll } from 'vitest';
import { newDatabase } from './database.js';
import { endFile } from './file-end.js';

/* Vitest runs this before each test file of a project that needs PostgreSQL, in the worker that will run the file. */

await newDatabase();

// Registered first, so that it runs last: after whatever the file closes by itself.
afterAll(endFile);

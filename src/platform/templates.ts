import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import Handlebars from 'handlebars';

export type Locale = 'en' | 'ja';
export const LOCALES: readonly Locale[] = ['en', 'ja'];

type Environment = typeof Handlebars;

/** The folder of package.json, templates/ and public/. The code runs from src/ in tests and from dist/src/ when built, so it looks upward. */
export const PROJECT_ROOT = findRoot(import.meta.dirname);

function findRoot(folder: string): string {
  if (existsSync(path.join(folder, 'templates'))) return folder;
  const parent = path.dirname(folder);
  if (parent === folder) throw new Error('The folder templates/ is missing beside package.json.');
  return findRoot(parent);
}

/** Template texts below a folder by their path in it, without `.hbs`: `public/join`. */
export function readTemplates(folder: string): Map<string, string> {
  const found = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.hbs'));
  return new Map(
    found
      .sort()
      .map((file) => [
        file.slice(0, -'.hbs'.length).replaceAll(path.sep, '/'),
        readFileSync(path.join(folder, file), 'utf8'),
      ]),
  );
}

/**
 * A Handlebars environment of its own, in which a mistake is an error and never an empty place on a page:
 * strict mode throws for a missing field, and because it lets helpers' arguments through unchecked, so do ours.
 */
export function createEnvironment(helpers: Record<string, Handlebars.HelperDelegate>): Environment {
  const environment = Handlebars.create();
  for (const name of ['if', 'unless', 'each', 'with']) {
    environment.registerHelper(name, defined(name, Handlebars.helpers[name]!));
  }
  const all = { is: (a: unknown, b: unknown) => a === b, minus: (a: number, b: number) => a - b, ...helpers };
  for (const [name, helper] of Object.entries(all)) environment.registerHelper(name, defined(name, helper));
  return environment;
}

function defined(name: string, helper: Handlebars.HelperDelegate): Handlebars.HelperDelegate {
  return function (this: unknown, ...parts: unknown[]) {
    const { hash } = parts.at(-1) as Handlebars.HelperOptions;
    const missing = Object.keys(hash).find((key) => hash[key] === undefined);
    if (missing !== undefined) throw new Error(`{{${name}}}: ${missing} is missing`);
    if (parts.slice(0, -1).includes(undefined)) throw new Error(`{{${name}}}: an argument is missing`);
    return helper.apply(this, parts as Parameters<Handlebars.HelperDelegate>) as unknown;
  };
}

/** What a page or mail is rendered with beside its view. */
export interface Frame {
  locale: Locale;
}

export function localeOf({ data }: Handlebars.HelperOptions): Locale {
  return (data as Frame).locale;
}

/** Compiles at once, so that a mistake in a template stops the start and not the first reader. `noEscape` is for plain text only. */
export function compileTemplate(
  environment: Environment,
  name: string,
  text: string,
  noEscape = false,
): Handlebars.TemplateDelegate {
  const knownHelpers = Object.fromEntries(Object.keys(environment.helpers).map((helper) => [helper, true]));
  const options = { strict: true, knownHelpersOnly: true, knownHelpers, preventIndent: true, noEscape };
  try {
    environment.precompile(text, options); // `compile` alone waits for the first use
  } catch (error) {
    throw new Error(`templates: ${name}: ${(error as Error).message}`, { cause: error });
  }
  return environment.compile(text, options);
}

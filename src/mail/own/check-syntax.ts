import Handlebars from 'handlebars';
import { placeIn, type TemplateField, type TemplateProblem } from './problem.js';
import { type Group, type Shape, shapeAt } from './shape.js';

/** What a template may call. Blocks are of their own: `if`, `unless` and `each`. */
const ALLOWED_HELPERS = ['is', 'plural', 'pick', 'concat', 'minus', 'money'] as const;
/** What an HTML part may put in, and what must be told to it. */
const ALLOWED_PARTIALS: Readonly<Record<string, readonly string[]>> = {
  button: ['url', 'label'],
  box: ['text', 'big'],
  next: ['next', 'headline'],
};
/** Far above what any mail needs, far below what parsing and walking can take. */
const MOST_NESTING = 20;

type Scope = ReadonlyMap<string, Shape>;

/* The types of the package say that everything is always there. */
type Hashless<Node> = Omit<Node, 'hash'> & { hash?: hbs.AST.Hash };
type Mustache = Hashless<hbs.AST.MustacheStatement>;
type Call = Mustache | Hashless<hbs.AST.SubExpression>;
type Partial = Hashless<hbs.AST.PartialStatement> | Hashless<hbs.AST.PartialBlockStatement>;
type Block = Omit<Hashless<hbs.AST.BlockStatement>, 'program' | 'inverse'> & {
  program?: hbs.AST.Program;
  inverse?: hbs.AST.Program;
};

/**
 * Mistakes in what stands between braces: it must be Handlebars, say only what the mail knows of, and call only what is
 * allowed. Nothing that is not named here passes.
 */
export function checkSyntax(field: TemplateField, text: string, shape: Group): TemplateProblem[] {
  // Also what a walk would not see: braces that are meant as text, and blocks that are not read.
  const wrong = /\\\{\{|\{\{\{|\{\{~?\^/.exec(text);
  if (wrong !== null) {
    return [
      {
        field,
        ...placeIn(text, wrong.index),
        message: `${wrong[0]} is not allowed: only {{double braces}}, and {{else}}`,
      },
    ];
  }
  let program: hbs.AST.Program;
  try {
    program = Handlebars.parse(text);
  } catch (error) {
    return [{ field, ...placeOfError(error as Error, text), message: messageOf(error as Error) }];
  }
  const walk = new Walk(field);
  walk.program(program, shape.fields, 0);
  return walk.problems;
}

class Walk {
  readonly problems: TemplateProblem[] = [];

  constructor(private readonly field: TemplateField) {}

  program(program: hbs.AST.Program | undefined, scope: Scope, depth: number): void {
    for (const statement of program?.body ?? []) {
      if (depth > MOST_NESTING) {
        this.say(statement, 'blocks stand too deep inside each other');
        return;
      }
      this.statement(statement, scope, depth);
    }
  }

  private statement(statement: hbs.AST.Statement, scope: Scope, depth: number): void {
    switch (statement.type) {
      case 'ContentStatement':
      case 'CommentStatement':
        return;
      case 'MustacheStatement': {
        this.mustache(statement as Mustache, scope, depth);
        return;
      }
      case 'BlockStatement': {
        this.block(statement as Block, scope, depth);
        return;
      }
      case 'PartialStatement': {
        this.partial(statement as Partial, scope, depth);
        return;
      }
      case 'PartialBlockStatement':
        this.partial(statement as Partial, scope, depth);
        {
          this.program((statement as hbs.AST.PartialBlockStatement).program, scope, depth + 1);
          return;
        }
      default: {
        this.say(statement, 'decorators are not allowed');
        return;
      }
    }
  }

  private mustache(statement: Mustache, scope: Scope, depth: number): void {
    if (!statement.escaped) {
      this.say(statement, '{{& is not allowed: only {{double braces}}');
      return;
    }
    if (statement.params.length > 0 || statement.hash !== undefined) {
      this.call(statement, scope, depth);
      return;
    }
    const path = this.path(statement.path, scope);
    if (path !== null && path.kind !== 'value') {
      const hint = path.kind === 'money' ? 'write {{money …}}' : 'name something in it';
      this.say(statement, `${nameOf(statement.path)} cannot be written as it is: ${hint}`);
    }
  }

  private block(block: Block, scope: Scope, depth: number): void {
    const name = nameOf(block.path);
    const [subject, ...more] = block.params;
    const isPlain = subject !== undefined && more.length === 0 && block.hash === undefined;
    if (!['if', 'unless', 'each'].includes(name) || !isPlain) {
      this.say(block, `{{#${name}}} is not allowed; blocks are {{#if …}}, {{#unless …}} and {{#each … as |one|}}`);
      return;
    }
    const shape = this.value(subject, scope, depth);
    const names = block.program?.blockParams ?? [];
    let inner = scope;
    if (name === 'each') {
      if (shape !== null && shape.kind !== 'list') this.say(block, `${nameOf(subject)} is no list`);
      if (names.length !== 1) this.say(block, 'say what each one is called: {{#each … as |one|}}');
      if (shape?.kind === 'list' && names.length === 1) inner = new Map([...scope, [names[0]!, shape.item]]);
    } else if (names.length > 0) this.say(block, `{{#${name}}} gives nothing a name`);
    this.program(block.program, inner, depth + 1);
    this.program(block.inverse, scope, depth + 1);
  }

  private partial(statement: Partial, scope: Scope, depth: number): void {
    const name = statement.name.type === 'PathExpression' ? nameOf(statement.name) : '';
    const wanted = Object.hasOwn(ALLOWED_PARTIALS, name) ? ALLOWED_PARTIALS[name]! : null;
    const isBlock = statement.type === 'PartialBlockStatement';
    if (wanted === null || this.field !== 'html' || isBlock !== (name === 'next') || statement.params.length > 0) {
      const may =
        this.field === 'html'
          ? '{{> button url=… label=…}}, {{> box text=… big=…}} and {{#> next next=… headline=…}}…{{/next}}'
          : 'none here';
      this.say(statement, `{{> ${name}}} is not allowed; parts that may be put in: ${may}`);
      return;
    }
    const pairs = statement.hash?.pairs ?? [];
    const given = pairs.map(({ key }) => key).sort();
    if (given.join() !== [...wanted].sort().join()) {
      this.say(statement, `{{> ${name}}} must be told ${wanted.join(' and ')}, and nothing else`);
    }
    for (const { key, value } of pairs) {
      this.value(value, scope, depth);
      if (key === 'url' && !isWebAddress(value)) this.say(value, 'url must be a …Url of the mail or "https://…"');
    }
  }

  private call(call: Call, scope: Scope, depth: number): void {
    const name = nameOf(call.path);
    if (!(ALLOWED_HELPERS as readonly string[]).includes(name)) {
      this.say(call, `${name} cannot be called; what can: ${ALLOWED_HELPERS.join(', ')}`);
      return;
    }
    for (const value of [...call.params, ...(call.hash?.pairs ?? []).map((pair) => pair.value)]) {
      this.value(value, scope, depth + 1);
    }
  }

  /** An argument; the shape of what it names, or null. */
  private value(value: hbs.AST.Expression, scope: Scope, depth: number): Shape | null {
    if (depth > MOST_NESTING) {
      this.say(value, 'calls stand too deep inside each other');
      return null;
    }
    if (value.type === 'SubExpression') {
      this.call(value as hbs.AST.SubExpression, scope, depth);
      return null;
    }
    if (value.type === 'PathExpression') return this.path(value, scope);
    // Where markup is read, braces end what stands between them.
    if (value.type === 'StringLiteral' && (value as hbs.AST.StringLiteral).value.includes('}}')) {
      this.say(value, 'quoted words must not hold }}');
    }
    return null;
  }

  private path(expression: hbs.AST.Expression, scope: Scope): Shape | null {
    const path = expression as Omit<hbs.AST.PathExpression, 'type'> & { type: string };
    const isPlain =
      path.type === 'PathExpression' && !path.data && path.depth === 0 && !/^this\b|^\.|\/|\[/.test(path.original);
    const shape = isPlain ? shapeAt({ kind: 'group', fields: scope }, path.parts) : null;
    if (shape === null) this.say(expression, `there is no ${nameOf(expression) || 'such name'} in this mail`);
    return shape;
  }

  private say(node: hbs.AST.Node, message: string): void {
    const { line, column } = node.loc.start;
    this.problems.push({ field: this.field, line, column: column + 1, message });
  }
}

function nameOf(expression: hbs.AST.Expression | hbs.AST.PathExpression | hbs.AST.Literal): string {
  return 'original' in expression ? String(expression.original) : '';
}

/** A link of ours, or one that staff wrote: nothing that is put together. */
function isWebAddress(value: hbs.AST.Expression): boolean {
  if (value.type === 'PathExpression') return isUrlName(nameOf(value));
  return value.type === 'StringLiteral' && isWebText((value as hbs.AST.StringLiteral).value);
}

/** `confirmUrl`, `reward.url` */
export function isUrlName(name: string): boolean {
  return /(^|[.])(url|\w+Url)$/.test(name);
}

/** What staff may link to. */
export function isWebText(text: string): boolean {
  return /^(https?:\/\/[^\s"<>]+|mailto:[^\s"<>]+)$/.test(text);
}

/** The parser says "Parse error on line 3", with what stood before the place and an arrow under it; other mistakes bring their place. */
function placeOfError(error: Error, text: string): { line: number; column: number } {
  const { lineNumber, column } = error as { lineNumber?: number; column?: number };
  if (lineNumber !== undefined) return { line: lineNumber, column: (column ?? 0) + 1 };
  const line = Number(/(?:Parse error|Lexical error) on line (\d+)/.exec(error.message)?.[1] ?? 1);
  const [, shown = '', arrow = ''] = error.message.split('\n');
  const past = shown.slice(0, Math.max(arrow.indexOf('^'), 0)).replace(/^\.\.\./, '');
  const source = text.split('\n')[line - 1] ?? '';
  for (let from = 0; from < past.length; from++) {
    const at = source.indexOf(past.slice(from));
    if (at >= 0) return { line, column: at + past.length - from + 1 };
  }
  return { line, column: 1 };
}

function messageOf(error: Error): string {
  if (!/^(Parse|Lexical) error/.test(error.message)) return error.message.replace(/ - \d+:\d+$/, '');
  const got = /got '(\w+)'/.exec(error.message)?.[1];
  return got === 'EOF' || got === 'INVALID' || got === undefined
    ? 'braces or a block are not closed, or cannot be read'
    : `what stands in the braces cannot be read from here on (${got})`;
}

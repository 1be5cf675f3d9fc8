/** The parts of a mail that a publication words itself. */
export const TEMPLATE_FIELDS = ['subject', 'html', 'text'] as const;
export type TemplateField = (typeof TEMPLATE_FIELDS)[number];

/** A publication's own wording of a mail in one language, as it was typed. `html` and `text` stand between the head and the foot of the layout. */
export type TemplateTexts = Record<TemplateField, string>;

/** A mistake in a template. Lines and columns count from 1. */
export interface TemplateProblem {
  field: TemplateField;
  line: number;
  column: number;
  message: string;
}

/** A template that could not be rendered. */
export class TemplateFault extends Error {
  constructor(readonly problem: TemplateProblem) {
    super(`${problem.field}, line ${problem.line}, column ${problem.column}: ${problem.message}`);
  }
}

/** Line and column of a place in a text. */
export function placeIn(text: string, index: number): { line: number; column: number } {
  const before = text.slice(0, index).split('\n');
  return { line: before.length, column: before.at(-1)!.length + 1 };
}

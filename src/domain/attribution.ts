export interface AttributionSettings {
  model: 'first' | 'last';
  /** How many days a click stays good for. */
  windowDays: number;
}

/** A click that the browser presented and that the database knows. */
export interface PresentedClick {
  id: string;
  participantId: string;
  at: Date;
  settings: AttributionSettings;
}

/** A share code that the browser presented without a click, as after a redirect that could not store one. */
export interface PresentedCode {
  participantId: string;
}

export type Attribution<Click, Code> = { by: 'click'; click: Click } | { by: 'code'; code: Code } | null;

const DAY_MS = 86_400_000;

/**
 * Chooses what a signup is credited to, out of what the browser presented: the first or last click within the window of its
 * program, else a bare code. A code whose own click is too old earns nothing: the window would mean nothing otherwise.
 */
export function attribute<Click extends PresentedClick, Code extends PresentedCode>(
  clicks: readonly Click[],
  code: Code | null,
  now: Date,
): Attribution<Click, Code> {
  const inWindow = clicks.filter((click) => now.getTime() - click.at.getTime() <= click.settings.windowDays * DAY_MS);
  const [earliest] = [...inWindow].sort((a, b) => a.at.getTime() - b.at.getTime() || (a.id < b.id ? -1 : 1));
  if (earliest !== undefined) {
    // The program of the first click decides the model: two programs of one publication may differ in it.
    const rivals = inWindow.filter((click) => click.settings.model === earliest.settings.model);
    const latest = rivals.reduce((best, click) => (click.at >= best.at ? click : best), earliest);
    return { by: 'click', click: earliest.settings.model === 'first' ? earliest : latest };
  }
  const outOfWindow = code !== null && clicks.some((click) => click.participantId === code.participantId);
  return code === null || outOfWindow ? null : { by: 'code', code };
}

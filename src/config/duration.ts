// Lengths of time as people write them: `500ms`, `30s`, `5m`, `26h`, `7d` (specification §4).

const UNIT_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** The shape of a duration, for the schema: a whole number and its unit. */
export const DURATION_PATTERN = /^\d{1,9}(ms|s|m|h|d)$/;

/** Milliseconds; null when the text is not a duration. */
export function parseDuration(text: string): number | null {
  if (!DURATION_PATTERN.test(text)) return null;
  const unitMs = UNIT_MS[text.replace(/^\d+/, '')];
  return unitMs === undefined ? null : Number.parseInt(text, 10) * unitMs;
}

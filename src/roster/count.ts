// The count that a trailer holds (specification §6): how it is written, and what it counts.

import type { Trailer } from './mapping.ts';
import { canonicalText } from './text.ts';

export type Counts = Extract<Trailer, { kind: 'counted' }>['counts'];

export const COUNTS = ['rows', 'rows_and_header', 'rows_and_trailer', 'all'] as const;

/** `3`, `000003`, `1,234`, `1.234` or `1 234`; null for anything else. */
export function parseCount(text: string): number | null {
  const count = canonicalText(text);
  return /^(\d{1,15}|\d{1,3}([,.'’ ])\d{3}(\2\d{3})*)$/.test(count) ? Number(count.replace(/\D/g, '')) : null;
}

/** What a trailer that counts so holds when the file is whole. */
export function countedRows(counts: Counts, rowCount: number, headerCount: number): number {
  const header = counts === 'rows_and_header' || counts === 'all' ? headerCount : 0;
  const trailer = counts === 'rows_and_trailer' || counts === 'all' ? 1 : 0;
  return rowCount + header + trailer;
}

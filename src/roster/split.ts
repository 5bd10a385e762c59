// Splits bytes into records without reading their fields: the one step that every byte of a file goes
// through, so it jumps from line end to line end and looks closer only at records with a quote in them.

const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const TAB = 0x09;
const BACKSLASH = 0x5c;

/** How fields are told apart: single ASCII characters; a null quote means that the file never quotes. */
export interface Dialect {
  readonly delimiter: string;
  readonly quote: string | null;
  /** How a quote inside a quoted field is written: as two, or after a backslash (and a backslash as two). */
  readonly escape: 'double' | 'backslash';
}

/** Records of one stretch of bytes: parallel lists, because there are a million of them. Reused by the next `split`. */
export interface SplitRecords {
  readonly starts: number[];
  /** One past the last byte, without the line end. */
  readonly ends: number[];
  /** 1-based line in which the record begins. */
  readonly lines: number[];
  /** The line in which the record's last quote opened that holds line ends; 0 when none does. */
  readonly quoteLines: number[];
  /** Bytes that are done with; what follows is the beginning of a record that goes on. */
  consumed: number;
  /** The line of the quote that is still open where the bytes end; null when none is. */
  openQuoteLine: number | null;
}

/** Splits a file, stretch by stretch, and knows in which line it is. */
export class RecordSplitter {
  readonly #delimiter: number;
  /** -1: none. */
  readonly #quote: number;
  readonly #dialect: Dialect;
  readonly #found: SplitRecords = { starts: [], ends: [], lines: [], quoteLines: [], consumed: 0, openQuoteLine: null };
  #line: number;
  /** Line ends inside the quotes of the present record. */
  #innerLines = 0;
  #quoteLine = 0;

  constructor(dialect: Dialect, firstLine: number) {
    const { delimiter, quote } = dialect;
    this.#dialect = dialect;
    this.#delimiter = delimiter.charCodeAt(0);
    this.#quote = quote === null ? -1 : quote.charCodeAt(0);
    this.#line = firstLine;
  }

  /** The line in which the next record begins. */
  get line(): number {
    return this.#line;
  }

  /**
   * The whole records of `bytes`, which begins where the last call's `consumed` ended; blank lines are left out.
   * `atEnd`: nothing follows, so the last line needs no line end.
   */
  split(bytes: Buffer, atEnd: boolean): SplitRecords {
    const found = this.#begin();
    const next = { lf: -1, cr: -1, quote: -1 };
    let start = 0;
    while (start < bytes.length) {
      const end = this.#recordEnd(bytes, start, next);
      if (found.openQuoteLine !== null) break;
      const complete = end < bytes.length && (bytes[end] === LF || end + 1 < bytes.length);
      if (!complete && !atEnd) break;
      if (!this.#isBlank(bytes, start, end)) {
        found.starts.push(start);
        found.ends.push(end);
        found.lines.push(this.#line);
        found.quoteLines.push(this.#quoteLine);
      }
      this.#line += this.#innerLines + 1;
      start = end + (bytes[end] === CR && bytes[end + 1] === LF ? 2 : 1);
    }
    found.consumed = Math.min(start, bytes.length);
    return found;
  }

  #begin(): SplitRecords {
    const found = this.#found;
    found.starts.length = 0;
    found.ends.length = 0;
    found.lines.length = 0;
    found.quoteLines.length = 0;
    found.openQuoteLine = null;
    return found;
  }

  /** Where the record that begins at `start` ends: at its line end, or at the end of the bytes. `next` are finds so far. */
  #recordEnd(bytes: Buffer, start: number, next: { lf: number; cr: number; quote: number }): number {
    if (next.lf < start) next.lf = find(bytes, LF, start);
    if (next.cr < start) next.cr = find(bytes, CR, start);
    if (next.quote < start) next.quote = this.#quote < 0 ? bytes.length : find(bytes, this.#quote, start);
    const end = Math.min(next.lf, next.cr);
    this.#innerLines = 0;
    this.#quoteLine = 0;
    return next.quote < end ? this.#quotedRecordEnd(bytes, start, next.quote) : end;
  }

  /** The same for a record with a quote at `from`: line ends inside quotes are not its end. */
  #quotedRecordEnd(bytes: Buffer, start: number, from: number): number {
    let at = from;
    while (at < bytes.length) {
      const byte = bytes[at];
      if (byte === LF || byte === CR) return at;
      // A quote opens a field only at its very beginning; anywhere else it is text (and, read strictly, an error).
      const opens = byte === this.#quote && (at === start || bytes[at - 1] === this.#delimiter);
      at = opens ? this.#afterClosingQuote(bytes, at + 1) : at + 1;
    }
    return at;
  }

  #afterClosingQuote(bytes: Buffer, from: number): number {
    const openingLine = this.#line + this.#innerLines;
    const end = closingQuote(bytes, from, this.#dialect);
    for (let at = from; at < end; at++) {
      if (bytes[at] === LF || (bytes[at] === CR && bytes[at + 1] !== LF)) this.#innerLines++;
    }
    if (end === bytes.length) this.#found.openQuoteLine = openingLine;
    else if (this.#line + this.#innerLines > openingLine) this.#quoteLine = openingLine;
    return Math.min(bytes.length, end + 1);
  }

  #isBlank(bytes: Buffer, start: number, end: number): boolean {
    for (let at = start; at < end; at++) {
      const byte = bytes[at];
      if ((byte !== SPACE && byte !== TAB) || byte === this.#delimiter) return false;
    }
    return true;
  }
}

/** Where the quote stands that closes the field whose text begins at `from`; the length of the bytes when none does. */
export function closingQuote(bytes: Buffer, from: number, dialect: Dialect): number {
  const hasBackslashes = dialect.escape === 'backslash';
  const quoteByte = dialect.quote === null ? -1 : dialect.quote.charCodeAt(0);
  for (let at = from; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === BACKSLASH && hasBackslashes) {
      if (bytes[at + 1] === quoteByte || bytes[at + 1] === BACKSLASH) at++;
    } else if (byte === quoteByte) {
      if (hasBackslashes || bytes[at + 1] !== quoteByte) return at;
      at++;
    }
  }
  return bytes.length;
}

function find(bytes: Buffer, byte: number, from: number): number {
  const at = bytes.indexOf(byte, from);
  return at < 0 ? bytes.length : at;
}

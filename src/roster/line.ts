// Lines of the files of one feed that are read together: one number tells the file and the line in it, so that the rows of
// all of them can lie in one table. In the first file, or the only one, it is the line itself.

/** Staged lines of the second and further files begin at multiples of this. */
export const LINES_PER_FILE = 2 ** 32;

/** The staged line of a line of the file at this place, counted from 0. */
export function stagedLine(file: number, line: number): number {
  return file * LINES_PER_FILE + line;
}

/** The line in its file. */
export function lineInFile(staged: number): number {
  return staged % LINES_PER_FILE;
}

/** The place of the file among those that are read together, counted from 0. */
export function fileOfLine(staged: number): number {
  return Math.floor(staged / LINES_PER_FILE);
}

/** `4`, and in a further file `4 of file 2`. */
export function lineWords(staged: number): string {
  const file = fileOfLine(staged);
  return file === 0 ? `${lineInFile(staged)}` : `${lineInFile(staged)} of file ${file + 1}`;
}

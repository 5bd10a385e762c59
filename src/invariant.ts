// What must be true here, or we have a bug. Never for bad data and never for a bad day at the API.

/** Thrown when the program contradicts itself: printed with its stack, exit code 1. */
export class InvariantError extends Error {
  override readonly name = 'InvariantError';
}

/** Asserts a fact that only a bug of ours can break. */
export function invariant(condition: unknown, message: string): asserts condition {
  if (!condition) throw new InvariantError(message);
}

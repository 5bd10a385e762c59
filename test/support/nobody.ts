// Permissions mean nothing to root, and CI runs as root: what a user may not do is tried as one who may do nothing.

const NOBODY = 65_534;

/** Runs `body` without root's rights, whoever runs the tests. */
export async function asNobody<Result>(body: () => Promise<Result> | Result): Promise<Result> {
  const user = process.geteuid?.();
  if (user !== 0) return await body();
  process.seteuid?.(NOBODY);
  try {
    return await body();
  } finally {
    process.seteuid?.(0);
  }
}

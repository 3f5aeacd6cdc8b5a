// Tests that lack something on this machine are skipped, and node counts them.

const required = (process.env.AZULEJO_REQUIRE ?? "").split(",").map((name) => name.trim());

/** Why a test is skipped that needs `what`; an error where the variable AZULEJO_REQUIRE lists it. */
export function lacks(what, why) {
  if (required.includes(what)) throw new Error(`${what}: ${why}; AZULEJO_REQUIRE=${required}`);
  return `${what}: ${why}`;
}

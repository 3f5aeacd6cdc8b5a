// Says that something takes time, once it has taken a while.

const AFTER = 300;

/** Shows `element` if `work` has not settled after 300 ms, until it has. */
export async function whileBusy(element, work) {
  const timer = setTimeout(() => (element.hidden = false), AFTER);
  try {
    return await work;
  } finally {
    clearTimeout(timer);
    element.hidden = true;
  }
}

let ahead = 0;

/** The service's time in ms. An agent's computer may be minutes off; waiting times must not be. */
export const now = () => Date.now() + ahead;

/** Learns the service's time from an answer's Date header (whole seconds; small differences are no news). */
export function heardDate(header) {
  const theirs = Date.parse(header ?? "");
  if (Number.isNaN(theirs)) return;
  const difference = theirs + 500 - Date.now();
  if (Math.abs(difference - ahead) > 1500) ahead = Math.abs(difference) > 1500 ? difference : 0;
}

import en from "./en.js";
import es from "./es.js";

const TABLES = { es, en };
let table = es;

/** The words of the language in use, e.g. `words().queue.waiting`. */
export const words = () => table;

export const LANGUAGES = Object.keys(TABLES);

/** Speaks `language` from now on; anything unknown means Spanish, the default. */
export function speak(language) {
  table = TABLES[language] ?? es;
}

/** The first of the browser's languages the console speaks, or Spanish. */
export function languageOf(browserLanguages = []) {
  const known = browserLanguages.map((tag) => tag.toLowerCase().split("-")[0]).find((tag) => tag in TABLES);
  return known ?? "es";
}

/** What `name` is called in `section`; a name nobody has words for reads as itself, with spaces. */
export function called(section, name) {
  if (!name) return "";
  const known = words()[section];
  if (Object.hasOwn(known, name)) return known[name];
  return readable(name);
}

const readable = (name) => {
  const text = String(name).split("/").pop().replaceAll("_", " ");
  return text.charAt(0).toUpperCase() + text.slice(1);
};

/** Intents by group, in the order in which an agent looks for them. */
export const TOPICS = {
  billing: [
    "check_balance", "explain_charge", "invoice_copy", "due_date", "payment_methods", "payment_problem",
    "refund", "suspension", "direct_debit", "invoice_data", "premium_sms",
  ],
  line: [
    "tariff_list", "current_plan", "change_plan", "data_usage", "topup", "roaming", "international_calls",
    "offers", "permanence", "port_in", "sim", "cancel_service",
  ],
  network: [
    "internet_fault", "outage", "slow_speed", "coverage", "move_house", "order_technician",
  ],
  account: ["personal_data", "store_hours"],
  talk: ["complaint", "human", "case_status", "bot_identity", "out_of_scope"],
};

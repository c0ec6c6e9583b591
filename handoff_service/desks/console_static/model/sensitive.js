/** "card", "iban" or "identity" when `text` seems to carry such a number (checked by its check digits), else null. */
export function sensitiveIn(text) {
  if (hasCard(text)) return "card";
  if (hasIban(text)) return "iban";
  return hasIdentity(text) ? "identity" : null;
}

const hasCard = (text) =>
  matches(text, /(?<!\d)\d(?:[ -]?\d){12,18}(?!\d)/g).some((found) => luhn(found.replace(/\D/g, "")));

const hasIban = (text) =>
  matches(text.toUpperCase(), /\b[A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]){11,30}\b/g).some((found) => mod97(found.replace(/[^A-Z0-9]/g, "")));

const hasIdentity = (text) =>
  matches(text.toUpperCase(), /\b[XYZ]?\d{7,8}[ -]?[A-Z]\b/g).some((found) => spanishLetter(found.replace(/[^A-Z0-9]/g, "")));

const matches = (text, pattern) => text.match(pattern) ?? [];

function luhn(digits) {
  const sum = [...digits].reverse().reduce((total, digit, index) => {
    const doubled = Number(digit) * (index % 2 ? 2 : 1);
    return total + (doubled > 9 ? doubled - 9 : doubled);
  }, 0);
  return sum % 10 === 0 && !/^(\d)\1*$/.test(digits);
}

/** An IBAN followed by words still counts: any prefix long enough may be the number. */
function mod97(candidate) {
  for (let length = 15; length <= Math.min(candidate.length, 34); length++) {
    const turned = candidate.slice(4, length) + candidate.slice(0, 4);
    const digits = turned.replace(/[A-Z]/g, (letter) => letter.charCodeAt(0) - 55);
    let rest = 0;
    for (const digit of digits) rest = (rest * 10 + Number(digit)) % 97;
    if (rest === 1) return true;
  }
  return false;
}

function spanishLetter(candidate) {
  const match = /^([XYZ]?)(\d{7,8})([A-Z])$/.exec(candidate);
  if (!match || (match[1] === "") !== (match[2].length === 8)) return false;
  const number = Number(`${"XYZ".indexOf(match[1] || "X")}${match[2]}`);
  return "TRWAGMYFPDXBNJZSQVHLCKE"[number % 23] === match[3];
}

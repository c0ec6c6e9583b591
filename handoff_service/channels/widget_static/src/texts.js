/** The widget's own words. What the assistant and the switchboard say comes from the service. */

const TEXTS = {
  es: {
    title: "Ayuda",
    open: "Abrir el chat",
    close: "Cerrar el chat",
    unread: (count) => (count === 1 ? "1 mensaje sin leer" : `${count} mensajes sin leer`),
    log: "Conversación",
    introTitle: "Hola, ¿en qué te ayudamos?",
    introText:
      "Te responde un asistente automático al momento. Si hace falta una persona, te pasamos con ella aquí mismo.",
    starters: [
      "¿Cuánto tengo que pagar?",
      "¿Qué tarifas hay?",
      "No me funciona internet",
      "Quiero hablar con una persona",
    ],
    replies: "Respuestas rápidas",
    placeholder: "Escribe tu mensaje",
    send: "Enviar",
    attach: "Adjuntar un archivo",
    uploading: "Subiendo…",
    file_refused: "No se ha enviado: valen fotos, PDF, audio, MP4 y texto de hasta 10 MB",
    file_too_many_dots: "No se ha enviado: esta foto es demasiado grande. Prueba con otra o con una captura de pantalla",
    file_too_many: "No se ha enviado: son muchos archivos seguidos. Prueba otra vez en un rato",
    file_no_room: "No se ha enviado: ahora mismo no podemos recibir archivos. Cuéntanoslo por escrito y seguimos",
    you: "Tú",
    assistant: "Asistente",
    person: (name) => (name ? `${name} (persona)` : "Una persona del equipo"),
    system: "Aviso",
    ownerAssistant: "Asistente automático",
    ownerQueue: "Esperando a una persona",
    ownerAgent: (name) => (name ? `Estás hablando con ${name} (persona)` : "Estás hablando con una persona"),
    place: (position) => `Estás en el puesto ${position} de la cola`,
    waitAbout: (time) => `Espera: unos ${time}`,
    waitBetween: (low, high) => `Espera: entre ${low} y ${high}`,
    waitShort: "Espera: menos de un minuto",
    waitUnknown: "Todavía no podemos calcular la espera",
    opens: (when) => `Ahora no hay nadie del equipo. Volvemos el ${when}; tu sitio queda guardado.`,
    cancel: "Cancelar la espera",
    carryOn: "Seguir con el asistente",
    goOnIn: { telegram: "Seguir en Telegram" },
    wayOn: { telegram: "Abrir Telegram" },
    wayOnHint: (time) => `Conservas tu sitio. El enlace vale una vez, hasta las ${time}.`,
    sending: "Enviando…",
    sent: "Enviado",
    waiting: "Sin enviar todavía: saldrá al volver la conexión",
    rate_limited: "Sin enviar todavía: sale en unos segundos",
    unavailable: "Sin enviar todavía: lo volvemos a intentar",
    failed: "No se ha enviado",
    too_long: "No se ha enviado: es demasiado largo",
    paused: (when) => (when ? `El chat está en pausa hasta las ${when}.` : "El chat está en pausa."),
    pausedTitle: "Chat en pausa",
    pausedPlaceholder: "¿Es un error? Escribe «revisar»",
    pausedLead: "Después seguimos con normalidad, sin que tengas que hacer nada.",
    retry: "Reintentar",
    edit: "Editar",
    discard: "Descartar",
    typing: (who) => `${who} está escribiendo…`,
    offline: "Sin conexión. Lo que escribas se enviará cuando vuelva.",
    connecting: "Conectando…",
    deleted: "Mensaje eliminado",
    edited: "editado",
    today: "Hoy",
    yesterday: "Ayer",
    left: (count) => `Quedan ${count} caracteres`,
    over: (count) => `Sobran ${count} caracteres`,
    newer: "Mensajes nuevos",
    attachment: "Archivo",
    newWindow: "se abre en otra ventana",
  },
  en: {
    title: "Help",
    open: "Open the chat",
    close: "Close the chat",
    unread: (count) => (count === 1 ? "1 unread message" : `${count} unread messages`),
    log: "Conversation",
    introTitle: "Hi, how can we help?",
    introText: "An automatic assistant answers straight away. If you need a person, we bring one into this same chat.",
    starters: [
      "How much do I owe?",
      "Which plans are there?",
      "My internet isn't working",
      "I'd like to talk to a person",
    ],
    replies: "Quick replies",
    placeholder: "Write your message",
    send: "Send",
    attach: "Attach a file",
    uploading: "Uploading…",
    file_refused: "Not sent: pictures, PDF, audio, MP4 and text of up to 10 MB are fine",
    file_too_many_dots: "Not sent: this picture is too large. Try another one, or a screenshot",
    file_too_many: "Not sent: that's a lot of files in a short time. Try again in a while",
    file_no_room: "Not sent: we can't take files right now. Tell us in writing and we'll carry on",
    you: "You",
    assistant: "Assistant",
    person: (name) => (name ? `${name} (person)` : "A person from the team"),
    system: "Notice",
    ownerAssistant: "Automatic assistant",
    ownerQueue: "Waiting for a person",
    ownerAgent: (name) => (name ? `You're talking to ${name} (person)` : "You're talking to a person"),
    place: (position) => `You're number ${position} in the queue`,
    waitAbout: (time) => `Wait: about ${time}`,
    waitBetween: (low, high) => `Wait: between ${low} and ${high}`,
    waitShort: "Wait: less than a minute",
    waitUnknown: "We can't estimate the wait yet",
    opens: (when) => `Nobody from the team is here right now. We're back on ${when}; your place is saved.`,
    cancel: "Stop waiting",
    carryOn: "Go on with the assistant",
    goOnIn: { telegram: "Go on in Telegram" },
    wayOn: { telegram: "Open Telegram" },
    wayOnHint: (time) => `You keep your place. The link is good once, until ${time}.`,
    sending: "Sending…",
    sent: "Sent",
    waiting: "Not sent yet: it goes when the connection is back",
    rate_limited: "Not sent yet: it goes in a few seconds",
    unavailable: "Not sent yet: we're trying again",
    failed: "Not sent",
    too_long: "Not sent: it is too long",
    paused: (when) => (when ? `The chat is paused until ${when}.` : "The chat is paused."),
    pausedTitle: "Chat paused",
    pausedPlaceholder: "A mistake? Write “review”",
    pausedLead: "After that we carry on as usual; you don't need to do anything.",
    retry: "Try again",
    edit: "Edit",
    discard: "Discard",
    typing: (who) => `${who} is typing…`,
    offline: "No connection. What you write will be sent when it is back.",
    connecting: "Connecting…",
    deleted: "Message deleted",
    edited: "edited",
    today: "Today",
    yesterday: "Yesterday",
    left: (count) => `${count} characters left`,
    over: (count) => `${count} characters too many`,
    newer: "New messages",
    attachment: "File",
    newWindow: "opens in a new window",
  },
};

/** The words of one language, with dates, times and waits written the way its readers write them. */
function wordsFor(locale) {
  const words = TEXTS[locale];
  const write = (date, options) => new Intl.DateTimeFormat(locale === "en" ? "en-GB" : "es", options).format(date);
  return {
    ...words,
    locale,
    time: (date) => write(date, { hour: "2-digit", minute: "2-digit" }),
    moment: (date) =>
      write(date, { weekday: "long", day: "numeric", month: "long", hour: "numeric", minute: "2-digit" }),
    day: (date) => dayName(words, write, date),
    waitingTime: (range) => waitingTime(words, range),
    speaker: (author, name) =>
      ({ customer: words.you, assistant: words.assistant, agent: words.person(name) })[author] || words.system,
  };
}

function dayName(words, write, date) {
  const today = new Date();
  const yesterday = new Date(today.getFullYear(), today.getMonth(), today.getDate() - 1);
  if (date.toDateString() === today.toDateString()) return words.today;
  if (date.toDateString() === yesterday.toDateString()) return words.yesterday;
  const year = date.getFullYear() === today.getFullYear() ? undefined : "numeric";
  return write(date, { weekday: "long", day: "numeric", month: "long", year });
}

/** An honest range out of two numbers of seconds: the lower is rounded down, the upper up. */
function waitingTime(words, range) {
  if (!Array.isArray(range) || !range.every(Number.isFinite)) return words.waitUnknown;
  const [low, high] = range;
  if (high <= 60) return words.waitShort;
  const [from, to] = [duration(low, Math.floor), duration(high, Math.ceil)];
  const isSameUnit = from.split(" ")[1] === to.split(" ")[1];
  return from === to ? words.waitAbout(to) : words.waitBetween(isSameUnit ? from.split(" ")[0] : from, to);
}

function duration(seconds, round) {
  const minutes = Math.max(1, round(seconds / 60));
  return minutes < 90 ? `${minutes} min` : `${round(minutes / 60)} h`;
}

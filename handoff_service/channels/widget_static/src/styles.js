/** The looks. The brand's colours come in as variables; everything else is calm, light and readable. */

const STYLES = `
:host {
  all: initial; position: fixed; inset: auto 0 0 auto; z-index: 2147483000;
  --text: #1b1f23; --quiet: #565f68; --line: #e3e7ea; --ground: #f6f8f9; --paper: #ffffff; --alert: #a3271b;
  --person: #7a3d00; --person-soft: #fff3e3; --radius: 18px;
  font: 400 15px/1.5 -apple-system, BlinkMacSystemFont, "Segoe UI", Roboto, "Helvetica Neue", Arial, system-ui, sans-serif;
  color: var(--text); -webkit-text-size-adjust: 100%; text-size-adjust: 100%;
}
*, *::before, *::after { box-sizing: border-box; }
[hidden] { display: none !important; }
h2, h3, p { margin: 0; font-size: inherit; font-weight: inherit; }
button, textarea { font: inherit; color: inherit; letter-spacing: inherit; }
button { cursor: pointer; border: 0; background: none; padding: 0; -webkit-tap-highlight-color: transparent; }
a { color: var(--ink); text-underline-offset: 2px; overflow-wrap: anywhere; }
:focus-visible { outline: 3px solid var(--ink); outline-offset: 2px; }
textarea:focus-visible, .panel:focus-visible { outline: none; }
.icon { width: 22px; height: 22px; fill: none; stroke: currentColor; stroke-width: 1.8; stroke-linecap: round; stroke-linejoin: round; flex: none; }
.unseen { position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }

.launcher {
  position: fixed; right: max(20px, env(safe-area-inset-right)); bottom: max(20px, env(safe-area-inset-bottom));
  width: 60px; height: 60px; border-radius: 50%; display: grid; place-items: center;
  color: var(--on-brand); background: var(--brand);
  box-shadow: 0 1px 2px rgb(16 24 32 / .16), 0 8px 24px rgb(16 24 32 / .22); transition: transform .18s ease, box-shadow .18s ease;
}
.launcher:hover { transform: translateY(-2px); box-shadow: 0 2px 4px rgb(16 24 32 / .16), 0 14px 32px rgb(16 24 32 / .26); }
.launcher:active { transform: scale(.96); }
.launcher:focus-visible { outline-offset: 3px; box-shadow: 0 0 0 3px #fff; }
.launcher .icon { grid-area: 1 / 1; width: 28px; height: 28px; transition: transform .2s ease, opacity .2s ease; }
.launcher .icon-down, :host(.open) .launcher .icon-chat { opacity: 0; transform: rotate(-30deg) scale(.6); }
:host(.open) .launcher .icon-down { opacity: 1; transform: none; }
.badge {
  position: absolute; top: -3px; right: -3px; min-width: 23px; height: 23px; padding: 0 6px; border-radius: 12px;
  background: #c0271a; color: #fff; font-size: 12.5px; font-weight: 700; line-height: 19px; border: 2px solid #fff; text-align: center;
}

.panel {
  position: fixed; right: max(20px, env(safe-area-inset-right)); bottom: calc(max(20px, env(safe-area-inset-bottom)) + 74px);
  width: 392px; height: min(660px, calc(100vh - 118px)); height: min(660px, calc(100dvh - 118px));
  display: flex; flex-direction: column; overflow: hidden; border-radius: 20px; background: var(--paper);
  box-shadow: 0 0 0 1px rgb(16 24 32 / .07), 0 4px 10px rgb(16 24 32 / .07), 0 24px 64px rgb(16 24 32 / .2);
  transform-origin: calc(100% - 30px) 100%; animation: arrive .22s cubic-bezier(.2, .8, .25, 1);
}
header { flex: none; display: flex; align-items: center; gap: 12px; padding: 15px 14px 15px 18px; color: var(--on-brand); background: linear-gradient(165deg, transparent, var(--shade)) var(--brand); }
.titles { flex: 1; min-width: 0; }
.face .avatar { width: 40px; height: 40px; font-size: 17px; color: inherit; background: rgb(255 255 255 / .18); box-shadow: inset 0 0 0 1px rgb(255 255 255 / .22); }
.face .icon { width: 23px; height: 23px; }
header h2 { font-size: 18px; line-height: 1.25; font-weight: 650; letter-spacing: -.01em; }
.subtitle { font-size: 13.5px; line-height: 1.4; overflow: hidden; text-overflow: ellipsis; }
.close { width: 40px; height: 40px; border-radius: 12px; display: grid; place-items: center; transition: background .15s ease; }
.close:hover { background: rgb(255 255 255 / .16); }
.close:focus-visible { outline-color: currentColor; outline-offset: -3px; }

.banner { flex: none; display: flex; flex-wrap: wrap; align-items: center; gap: 4px 12px; padding: 12px 20px; font-size: 14px; line-height: 1.4; border-bottom: 1px solid var(--line); background: var(--soft); }
.banner > .icon { color: var(--ink); align-self: flex-start; margin-top: 1px; }
.banner .lines { flex: 1; min-width: 0; }
.banner strong { font-weight: 650; }
.banner p { color: #3d464e; }
.banner.agent { background: var(--person-soft); border-color: #f2dfc4; padding-block: 9px; }
.banner.agent .icon { color: var(--person); }
.offers { flex-basis: 100%; display: flex; flex-wrap: wrap; gap: 8px; padding: 6px 0 2px 34px; }
.offers button { padding: 6px 11px; border-radius: 10px; background: var(--paper); border: 1px solid #87919a; font-weight: 600; font-size: 13px; transition: border-color .15s ease, color .15s ease; }
.offers .way { padding: 6px 11px; border-radius: 10px; background: var(--ink); color: var(--paper); font-weight: 600; font-size: 13px; text-decoration: none; }
.offers .way:focus-visible { outline: 2px solid var(--ink); outline-offset: 2px; }
.way-hint { flex-basis: 100%; margin: 0; font-size: 13px; }
.offers button:hover { border-color: var(--ink); color: var(--ink); }

.conversation { position: relative; flex: 1; min-height: 0; display: flex; background: var(--ground); }
.log { flex: 1; min-width: 0; overflow-y: auto; overscroll-behavior: contain; scrollbar-width: thin; scrollbar-color: #c3cad0 transparent; }
.log:focus-visible { outline-offset: -3px; }
.rows { display: flex; flex-direction: column; padding: 4px 16px 16px; }
.day { display: flex; align-items: center; gap: 12px; margin: 16px 0 6px; color: var(--quiet); font-size: 12.5px; font-weight: 550; }
.day::before, .day::after { content: ""; flex: 1; height: 1px; background: var(--line); }
.day span::first-letter { text-transform: uppercase; }

.message { position: relative; display: flex; flex-direction: column; align-items: flex-start; max-width: 88%; padding-left: 38px; margin-top: 3px; animation: rise .2s ease; }
.message.starts { margin-top: 12px; }
.avatar { display: grid; place-items: center; width: 30px; height: 30px; border-radius: 50%; font-size: 13.5px; font-weight: 700; color: var(--on-brand); background: var(--brand); text-transform: uppercase; flex: none; }
.avatar .icon { width: 18px; height: 18px; }
.message > .avatar { position: absolute; left: 0; top: 21px; }
.message.agent > .avatar { background: var(--person); color: #fff; }
.who { font-size: 12.5px; line-height: 1.4; font-weight: 600; color: var(--quiet); margin: 0 0 3px 2px; }
.agent > .who { color: var(--person); }
.bubble { padding: 9px 13px; border-radius: 5px var(--radius) var(--radius) 5px; background: var(--paper); box-shadow: 0 0 0 1px var(--line); white-space: pre-wrap; overflow-wrap: anywhere; max-width: 100%; }
.message.starts > .bubble { border-top-left-radius: var(--radius); }
.message.ends > .bubble { border-bottom-left-radius: var(--radius); }
.agent > .bubble { background: var(--person-soft); box-shadow: 0 0 0 1px #f2dfc4; }
.customer { align-self: flex-end; align-items: flex-end; padding-left: 0; }
.customer > .bubble { color: var(--on-brand); background: var(--brand); box-shadow: none; border-radius: var(--radius) 5px 5px var(--radius); }
.customer.starts > .bubble { border-top-right-radius: var(--radius); }
.customer.ends > .bubble { border-bottom-right-radius: var(--radius); }
.customer > .bubble a { color: inherit; }
.customer.waiting > .bubble, .customer.rate_limited > .bubble, .customer.unavailable > .bubble { color: var(--text); background: var(--soft); box-shadow: inset 0 0 0 1.5px var(--ink); }
.customer.failed > .bubble { color: var(--text); background: #fdf0ee; box-shadow: 0 0 0 1px #e5a79f; }
.system { align-self: center; align-items: center; text-align: center; padding: 0; margin: 14px 0 4px; max-width: 92%; }
.system > .who { margin: 0; font-weight: 500; }
.system > .bubble { padding: 0 4px; background: none; box-shadow: none; font-size: 13.5px; line-height: 1.45; color: #464f57; }
.message > .deleted { color: var(--quiet); background: none; box-shadow: 0 0 0 1px var(--line); font-style: italic; }
.footer { display: flex; flex-wrap: wrap; align-items: baseline; gap: 2px 8px; margin: 4px 3px 0; font-size: 12px; line-height: 1.4; color: var(--quiet); }
.customer .footer { justify-content: flex-end; text-align: right; }
.customer > .file { color: var(--text); }
.message.sending .status { animation: late 1s step-end; }
.message.failed .status { color: var(--alert); font-weight: 600; }
.footer button { font-weight: 650; color: var(--ink); text-decoration: underline; text-underline-offset: 2px; padding: 4px 2px; }
.edited::before, .status::before { content: "· "; }

.file { display: inline-flex; align-items: center; gap: 8px; margin-top: 4px; padding: 9px 13px 9px 10px; border-radius: 14px; background: var(--paper); box-shadow: 0 0 0 1px var(--line); font-weight: 550; max-width: 100%; overflow-wrap: anywhere; }
.image { display: block; margin-top: 4px; border-radius: 14px; overflow: hidden; box-shadow: 0 0 0 1px var(--line); }
.image img { display: block; max-width: 100%; max-height: 220px; min-width: 48px; min-height: 48px; object-fit: contain; background: #fff; }

.replies { display: flex; flex-wrap: wrap; gap: 8px; margin-top: 10px; animation: rise .24s ease; }
.rows > .replies { padding-left: 38px; }
.replies button { padding: 8px 14px; border-radius: 20px; text-align: left; background: var(--paper); border: 1.5px solid var(--ink); color: var(--ink); font-weight: 600; font-size: 14px; line-height: 1.35; transition: background .15s ease, color .15s ease; }
.replies button:hover { background: var(--soft); }
.replies button:active { background: var(--ink); color: #fff; }

.typing .bubble { display: flex; align-items: center; gap: 9px; color: var(--quiet); font-size: 13.5px; border-radius: var(--radius); }
.typing { margin-top: 12px; }
.dots { display: inline-flex; gap: 4px; }
.dots i { width: 6px; height: 6px; border-radius: 50%; background: currentColor; animation: dot 1.2s infinite ease-in-out; }
.dots i:nth-child(2) { animation-delay: .15s; }
.dots i:nth-child(3) { animation-delay: .3s; }

.intro { padding: 34px 24px 8px; }
.intro > .avatar { width: 48px; height: 48px; margin-bottom: 16px; }
.intro > .avatar .icon { width: 28px; height: 28px; }
.intro h3 { font-size: 22px; line-height: 1.25; font-weight: 680; letter-spacing: -.02em; margin-bottom: 8px; }
.intro p { color: #464f57; max-width: 34ch; }
.intro .replies { margin-top: 22px; flex-direction: column; align-items: flex-start; }
.newer { position: absolute; left: 50%; bottom: 12px; transform: translateX(-50%); display: flex; align-items: center; gap: 6px; padding: 7px 15px 7px 10px; border-radius: 20px; background: var(--ink); color: #fff; font-size: 13.5px; font-weight: 600; box-shadow: 0 6px 18px rgb(16 24 32 / .25); white-space: nowrap; }
.newer .icon { width: 18px; height: 18px; }

.notice { flex: none; padding: 8px 20px; font-size: 13.5px; line-height: 1.4; color: #5c3a00; background: #fff4d9; border-top: 1px solid #f0dfb4; }
.notice:empty { padding: 0; border: 0; }
.composer { flex: none; padding: 12px 14px calc(14px + env(safe-area-inset-bottom)); background: var(--paper); border-top: 1px solid var(--line); }
.field { display: flex; align-items: flex-end; gap: 6px; padding: 4px; border-radius: 24px; border: 1.5px solid #87919a; background: var(--paper); transition: border-color .15s ease, box-shadow .15s ease; }
.field:focus-within { border-color: var(--ink); box-shadow: 0 0 0 3px var(--soft), 0 0 0 4px var(--ink); }
.attach { flex: none; width: 40px; height: 40px; border-radius: 50%; display: grid; place-items: center; color: #4d5760; transition: background .15s ease, color .15s ease; }
.attach:hover { background: var(--soft); color: var(--ink); }
textarea { flex: 1; min-width: 0; max-height: 132px; min-height: 40px; padding: 8px 6px 8px 2px; border: 0; resize: none; background: none; font-size: 16px; line-height: 24px; overflow-y: auto; scrollbar-width: thin; }
textarea::placeholder { color: #626c75; opacity: 1; }
.send { flex: none; width: 40px; height: 40px; border-radius: 50%; display: grid; place-items: center; color: var(--on-brand); background: var(--brand); transition: background .15s ease, transform .15s ease; }
.attach:disabled { opacity: .4; cursor: default; }
.send:disabled { background: #e6eaed; color: #7b858e; cursor: default; }
.send:not(:disabled):active { transform: scale(.93); }
.counter { font-size: 12.5px; text-align: right; color: var(--quiet); padding: 0 8px 6px; }
.counter:empty { padding: 0; }
.counter.over { color: var(--alert); font-weight: 600; }

@keyframes arrive { from { opacity: 0; transform: translateY(14px) scale(.97); } }
@keyframes rise { from { opacity: 0; transform: translateY(6px); } }
@keyframes late { from { opacity: 0; } to { opacity: 0; } }
@keyframes dot { 0%, 60%, 100% { opacity: .35; transform: none; } 30% { opacity: 1; transform: translateY(-3px); } }

@media (max-width: 480px), (max-height: 480px) {
  :host(.open) .launcher { display: none; }
  .panel { inset: var(--visible-top, 0) 0 auto 0; width: auto; height: 100vh; height: var(--visible-height, 100dvh); border-radius: 0; box-shadow: none; transform-origin: 50% 100%; }
  header { padding-top: calc(12px + env(safe-area-inset-top)); padding-bottom: 11px; }
}
@media (max-height: 480px) {
  header { padding-top: 4px; padding-bottom: 4px; }
  .subtitle, .face { display: none; }
  .close { width: 34px; height: 34px; }
  .banner { max-height: 30vh; overflow-y: auto; padding-block: 6px; }
  .composer { padding: 5px 8px; }
  textarea { max-height: 64px; min-height: 36px; padding-block: 6px; }
  .intro { padding-top: 14px; }
}
@media (prefers-reduced-motion: reduce) { *, *::before, *::after { animation: none !important; transition: none !important; } }
@media (forced-colors: active) {
  .launcher, .panel, .bubble, .send, .close { border: 1px solid; }
  .field:focus-within { outline: 2px solid; }
}
@media print { :host { display: none; } }
`;

/* The support chat on any page: <script src="https://…/widget.js" async></script>
   data-lang="da" or "en" chooses the language, which is else the page's; data-label
   the text of the button. It adds a button and, when that is pressed, a frame. */
(function () {
  'use strict';
  var script = document.currentScript;
  if (!script || window.supportdChat) return;
  window.supportdChat = true;
  var base = new URL(script.src).origin;
  var lang = (script.dataset.lang || document.documentElement.lang || 'da').slice(0, 2).toLowerCase();
  if (lang !== 'en') lang = /^(da|nb|nn|no|sv)$/.test(lang) ? 'da' : 'en';
  var words = lang === 'da' ? { open: 'Spørg support', close: 'Luk support', title: 'Chat med support' }
    : { open: 'Ask support', close: 'Close support', title: 'Chat with support' };
  var label = script.dataset.label || words.open;
  var frame = null, loaded = false;
  var button = document.createElement('button');

  // Style by properties: a policy that forbids style attributes allows it.
  function style(e, rules) { for (var name in rules) e.style.setProperty(name, rules[name], 'important'); }
  function shown() { return frame !== null && frame.style.getPropertyValue('display') !== 'none'; }

  function place() {
    if (!frame) return;
    var small = window.innerWidth < 480 || window.innerHeight < 480;
    style(frame, small ? { inset: '0 0 64px 0', width: '100%', height: 'calc(100% - 64px)', 'border-radius': '0' }
      : { inset: 'auto 16px 76px auto', width: '380px', height: 'min(600px, calc(100% - 92px))', 'border-radius': '4px' });
  }

  function open() {
    if (!frame) {
      frame = document.createElement('iframe');
      frame.id = 'supportd-chat';
      frame.title = words.title;
      frame.src = base + '/widget?lang=' + lang;
      frame.referrerPolicy = 'no-referrer';
      style(frame, { position: 'fixed', border: '1px solid #76828e', 'background-color': 'Canvas', 'z-index': '2147483000', 'color-scheme': 'light dark' });
      frame.addEventListener('load', function () { loaded = true; focus(); });
      button.after(frame);
    }
    style(frame, { display: 'block' });
    place();
    button.setAttribute('aria-expanded', 'true');
    button.textContent = words.close;
    focus();
  }

  function focus() {
    if (!shown() || !loaded) return;
    frame.focus();
    frame.contentWindow.postMessage('supportd:open', base);
  }

  function close() {
    if (!shown()) return;
    style(frame, { display: 'none' });
    button.setAttribute('aria-expanded', 'false');
    button.textContent = label;
    button.focus();
  }

  button.type = 'button';
  button.textContent = label;
  button.lang = lang;
  button.setAttribute('aria-expanded', 'false');
  button.setAttribute('aria-controls', 'supportd-chat');
  style(button, {
    position: 'fixed', inset: 'auto 16px 16px auto', 'z-index': '2147483001', 'min-height': '44px', padding: '9px 16px', border: '1px solid #fff', 'border-radius': '4px',
    background: '#0a5ba8', color: '#fff', font: '600 16px/24px system-ui, "Segoe UI", Roboto, Helvetica, Arial, sans-serif', cursor: 'pointer',
  });
  button.addEventListener('click', function () { if (shown()) close(); else open(); });
  document.addEventListener('keydown', function (e) { if (e.key === 'Escape') close(); });
  window.addEventListener('resize', place);
  window.addEventListener('message', function (e) {
    if (frame && e.origin === base && e.source === frame.contentWindow && e.data === 'supportd:close') close();
  });

  function add() { document.body.append(button); }
  if (document.body) add();
  else document.addEventListener('DOMContentLoaded', add);
})();

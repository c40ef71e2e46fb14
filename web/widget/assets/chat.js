// The chat without reloading the page. Everything works without this script too, by
// its forms. What is said is only ever text here, never markup.
(() => {
  'use strict';
  const chat = document.getElementById('chat');
  if (!chat || !window.fetch) return;
  const $ = (id) => document.getElementById(id);
  const log = $('log'), say = $('say'), choices = $('choices'), fault = $('fault'), writing = $('writing');
  const words = chat.dataset;
  const framed = window.parent !== window;
  const key = 'supportd.chat';
  let conversation = say.elements.conversation.value;
  let busy = false;

  // A browser may keep nothing for a frame; then a reload begins anew.
  const kept = {
    get() { try { return sessionStorage.getItem(key) || ''; } catch { return ''; } },
    set(v) { try { v ? sessionStorage.setItem(key, v) : sessionStorage.removeItem(key); } catch { /* as well */ } },
  };

  const el = (name, text, cls) => {
    const e = document.createElement(name);
    if (text) e.textContent = text;
    if (cls) e.className = cls;
    return e;
  };

  // Addresses in what the bot says lead there; those that a visitor writes do not.
  const write = (to, text) => {
    const parts = text.split(/(https?:\/\/[^\s<>"()]*[^\s<>"().,;:!?]|[^\s<>"(),;:]+@[^\s<>"(),;:]*[^\s<>"().,;:!?])/);
    parts.forEach((part, i) => {
      if (i % 2 === 0 || (part.includes('@') && part !== words.support)) { to.append(part); return; }
      const a = el('a', part);
      a.href = part.includes('@') ? 'mailto:' + part : part;
      a.target = '_blank';
      a.rel = 'noopener';
      to.append(a);
    });
  };

  const bubble = (line) => {
    const b = el('div', '', line.mine ? 'bubble mine' : 'bubble');
    if (line.language) b.lang = line.language;
    b.append(el('span', (line.mine ? words.you : words.bot) + ' ', 'hidden'));
    let list = null;
    for (const block of line.blocks || []) {
      const kind = { bullet: 'ul', number: 'ol' }[block.kind];
      if (!kind) {
        list = null;
        const p = el('p');
        line.mine ? p.append(block.text) : write(p, block.text);
        b.append(p);
        continue;
      }
      if (!list || list.localName !== kind) { list = el(kind); b.append(list); }
      const li = el('li');
      write(li, block.text);
      list.append(li);
    }
    log.append(b);
    return b;
  };

  const field = (expect) => {
    const old = $('text');
    const f = el(expect === 'long' ? 'textarea' : 'input');
    f.id = f.name = 'text';
    f.maxLength = 4000;
    if (expect === 'long') f.rows = 3;
    else f.type = 'text';
    f.autocomplete = expect === 'address' ? 'email' : 'off';
    if (expect === 'address') f.inputMode = 'email';
    const had = document.activeElement === old;
    old.replaceWith(f);
    if (had) f.focus({ preventScroll: framed });
    $('label').textContent = words[expect] || words.text;
    say.hidden = expect === 'press';
    return f;
  };

  const show = (a) => {
    conversation = a.conversation || '';
    kept.set(conversation);
    for (const f of [say, choices]) f.elements.conversation.value = conversation;
    a.said.forEach(bubble);
    const summary = $('summary');
    summary.replaceChildren();
    if (a.summary) {
      const dl = el('dl', '', 'facts panel');
      for (const f of a.summary) dl.append(el('dt', f.label), el('dd', f.text));
      summary.append(dl);
    }
    choices.querySelectorAll('button').forEach((b) => b.remove());
    for (const one of a.buttons) {
      const b = el('button', one.label, one.primary ? '' : 'second');
      b.name = 'press';
      b.value = one.press;
      choices.append(b);
    }
    field(a.expect);
  };

  const toEnd = () => {
    const last = log.lastElementChild;
    if (framed) log.scrollTop = log.scrollHeight;
    else if (last) last.scrollIntoView({ block: 'nearest' });
  };

  const focus = () => {
    if (!say.hidden) $('text').focus({ preventScroll: framed });
    else choices.querySelector('button')?.focus({ preventScroll: framed });
  };

  const ask = async (turn) => {
    const r = await fetch(words.api, {
      method: 'POST', headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ conversation: conversation || undefined, language: words.lang, ...turn }),
    });
    if (r.ok) return r.json();
    const at = new Date(Date.now() + 1000 * (Number(r.headers.get('Retry-After')) || 60));
    const time = at.toLocaleTimeString(words.lang, { hour: '2-digit', minute: '2-digit' });
    const clock = words.lang === 'da' ? 'kl. ' + time : time;
    throw new Error(r.status === 429 ? words.wait.replace('{}', clock) : r.status === 422 || r.status === 413 ? words.long : words.failed);
  };

  // A turn: what is sent is shown at once, and taken back if it does not arrive.
  const take = async (turn, label) => {
    if (busy) return;
    busy = true;
    chat.setAttribute('aria-busy', 'true');
    fault.textContent = '';
    writing.textContent = words.writing;
    const mine = label ? bubble({ mine: true, blocks: [{ kind: 'paragraph', text: label }] }) : null;
    toEnd();
    try {
      show(await ask(turn));
      toEnd();
      focus();
    } catch (e) {
      mine?.remove();
      fault.textContent = e instanceof TypeError ? words.offline : e.message;
    } finally {
      busy = false;
      chat.removeAttribute('aria-busy');
      writing.textContent = '';
    }
  };

  say.addEventListener('submit', (e) => {
    e.preventDefault();
    const text = $('text').value.trim();
    if (text) take({ text }, text);
    else $('text').focus();
  });
  choices.addEventListener('submit', (e) => {
    e.preventDefault();
    if (e.submitter) take({ press: e.submitter.value }, e.submitter.textContent);
  });
  say.addEventListener('keydown', (e) => { // Enter ends a line where lines are wanted
    if (e.key === 'Enter' && (e.ctrlKey || e.metaKey)) { e.preventDefault(); say.requestSubmit(); }
  });
  $('restart').addEventListener('click', () => kept.set(''));

  const close = $('close');
  if (close && framed) { // whoever frames us learns only that the chat is to be closed
    const bye = () => window.parent.postMessage('supportd:close', '*');
    close.hidden = false;
    close.addEventListener('click', bye);
    document.addEventListener('keydown', (e) => { if (e.key === 'Escape') bye(); });
    window.addEventListener('message', (e) => { if (e.source === window.parent && e.data === 'supportd:open') focus(); });
  }

  // A reload goes on where the conversation was.
  const before = conversation ? '' : kept.get();
  if (before) {
    conversation = before;
    ask({}).then((a) => {
      if (!a.conversation) { conversation = ''; kept.set(''); return; }
      log.replaceChildren();
      show(a);
      toEnd();
    }).catch(() => { /* the greeting stands, and the next turn tries again */ });
  } else if (conversation) {
    kept.set(conversation);
    toEnd();
  }
})();

'use strict';

const SHOWN = 50;
const $ = (id) => document.getElementById(id);

// Text nodes only: a listing's title can never become markup, nor its address a script.
function alertOf(data) {
  const item = document.createElement('li');
  // An address of the web, or a path of this site.
  const linked = /^(https?:\/\/|\/(?!\/))/.test(data.url || '');
  const title = document.createElement(linked ? 'a' : 'strong');
  title.textContent = data.title || 'A record';
  if (linked) {
    title.href = data.url;
    title.rel = 'noopener noreferrer';
    title.target = '_blank';
  }
  const facts = document.createElement('span');
  facts.textContent = [
    data.price === undefined ? '' : data.price + ' ' + (data.currency || ''),
    data.condition, data.seller && 'from ' + data.seller, data.provider, data.rule_name && 'for “' + data.rule_name + '”',
  ].filter(Boolean).join(' · ');
  item.append(title, facts);
  return item;
}

function follow() {
  const stream = new EventSource('/api/stream/events');
  stream.onopen = () => { $('state').textContent = '· connected'; };
  stream.onerror = () => {
    $('state').textContent = stream.readyState === EventSource.CLOSED ? '· the stream was refused: load the page again' : '· connecting again …';
  };
  stream.addEventListener('notification', (event) => {
    $('none').hidden = true;
    $('alerts').prepend(alertOf(JSON.parse(event.data)));
    while ($('alerts').children.length > SHOWN) $('alerts').lastChild.remove();
  });
}

async function begin() {
  const me = await fetch('/api/me');
  $('sign-in').hidden = me.ok;
  $('live').hidden = !me.ok;
  if (me.ok) {
    $('who').textContent = (await me.json()).email;
    follow();
  }
}

$('sign-in').addEventListener('submit', async (event) => {
  event.preventDefault();
  $('refused').textContent = '';
  const answer = await fetch('/api/auth/login', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email: $('email').value, password: $('password').value }),
  });
  if (answer.ok) return begin();
  const refusal = await answer.json().catch(() => ({}));
  $('refused').textContent = 'Not signed in: ' + (refusal.error?.message || 'status ' + answer.status) + '.';
});

$('sign-out').addEventListener('click', async () => {
  await fetch('/api/me/logout', { method: 'POST' });
  location.reload();
});

$('mails-item').hidden = !$('mails').getAttribute('href');
begin().catch(() => { $('sign-in').hidden = false; });

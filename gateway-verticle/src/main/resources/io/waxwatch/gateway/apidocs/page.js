'use strict';

// Everything is built as text nodes, so nothing in the document can become markup.
function el(name, attributes, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes || {})) node.setAttribute(key, value);
  for (const child of children.flat(Infinity)) if (child !== null && child !== undefined) node.append(child);
  return node;
}

// `code` in descriptions is the only markup there is.
function prose(text) {
  return String(text).split('`').map((part, i) => (i % 2 ? el('code', {}, part) : part));
}

// Where a long path or name may be broken: after a slash, and before an underscore or a parameter, never in the middle of a word.
function breakable(text) {
  return text.split(/(?<=\/)|(?=[_{])/).flatMap((part, i) => (i ? [el('wbr'), part] : [part]));
}

function json(value) {
  return el('pre', { tabindex: '0' }, typeof value === 'string' ? value : JSON.stringify(value, null, 2));
}

class Page {
  constructor(api) {
    this.api = api;
  }

  resolve(node) {
    if (!node || !node.$ref) return node || {};
    return node.$ref.slice(2).split('/').reduce((at, key) => at[key], this.api);
  }

  nameOf(node) {
    return node.$ref ? node.$ref.slice(node.$ref.lastIndexOf('/') + 1) : null;
  }

  type(schema) {
    const name = this.nameOf(schema);
    const it = this.resolve(schema);
    if ('const' in it) return JSON.stringify(it.const);
    if (it.enum) return it.enum.map((each) => JSON.stringify(each)).join(' | ');
    if (name) return name;
    for (const key of ['anyOf', 'oneOf', 'allOf']) {
      if (it[key]) return it[key].map((each) => this.type(each)).join(key === 'allOf' ? ' & ' : ' | ');
    }
    const types = [].concat(it.type || 'any');
    return types.map((type) => (type === 'array' ? 'list of ' + this.type(it.items || {}) : type)).join(' | ')
      + (it.format ? ' (' + it.format + ')' : '');
  }

  bounds(schema) {
    const it = this.resolve(schema);
    const said = [];
    if ('minimum' in it) said.push('≥ ' + it.minimum);
    if ('maximum' in it) said.push('≤ ' + it.maximum);
    if ('minLength' in it || 'maxLength' in it) said.push((it.minLength || 0) + '–' + (it.maxLength || '…') + ' characters');
    if ('minItems' in it) said.push('at least ' + it.minItems);
    if ('default' in it) said.push('default ' + JSON.stringify(it.default));
    return said.join(', ');
  }

  rows(entries) {
    return el('table', {}, el('thead', {}, el('tr', {}, ['name', 'type', 'about'].map((head) => el('th', { scope: 'col' }, head)))),
      el('tbody', {}, entries.map(({ name, where, required, schema, text }) => el('tr', {},
        el('td', { class: 'name' }, el('code', {}, breakable(name)), where ? ' ' + where : '', required ? el('span', { class: 'required' }, ' required') : null),
        el('td', {}, el('span', { class: 'type' }, this.type(schema)), ' ', this.bounds(schema)),
        el('td', {}, prose(text || this.resolve(schema).description || ''))))));
  }

  fields(schema) {
    const it = this.resolve(schema);
    if (!it.properties) return null;
    return this.rows(Object.entries(it.properties).map(([name, property]) => (
      { name, required: (it.required || []).includes(name), schema: property })));
  }

  schema(schema) {
    const list = this.resolve(schema).type === 'array';
    return [el('p', {}, el('span', { class: 'type' }, this.type(schema))), this.fields(list ? this.resolve(schema).items : schema)];
  }

  content(content) {
    return Object.entries(content || {}).map(([type, media]) => [
      el('p', {}, el('code', {}, type)),
      this.schema(media.schema || {}),
      'example' in media ? [el('h5', {}, 'Example'), json(media.example)] : null,
      Object.entries(media.examples || {}).map(([name, example]) => (
        el('details', {}, el('summary', {}, 'Example: ' + name), json(this.resolve(example).value)))),
    ]);
  }

  response(status, response) {
    const it = this.resolve(response);
    const headers = Object.entries(it.headers || {}).map(([name, header]) => {
      const at = this.resolve(header);
      return { name, schema: at.schema || {}, text: at.description };
    });
    return el('details', status < '300' ? { open: '' } : {},
      el('summary', {}, el('span', { class: 'status' }, status), ' ', prose(it.description || '')),
      this.content(it.content),
      headers.length ? el('details', {}, el('summary', {}, 'Headers'), this.rows(headers)) : null);
  }

  operation(path, method, operation) {
    const parameters = (operation.parameters || []).map((each) => this.resolve(each));
    const request = operation.requestBody && this.resolve(operation.requestBody);
    return el('article', { id: operation.operationId, 'data-words': [path, method, operation.summary, operation.operationId].join(' ').toLowerCase() },
      el('h3', {}, el('span', { class: 'method ' + method }, method.toUpperCase()), el('code', {}, breakable(path)),
        el('span', { class: 'summary' }, prose(operation.summary || '')), operation.security ? null : el('span', { class: 'summary' }, '· no token')),
      el('div', { class: 'body' },
        operation.description ? el('p', {}, prose(operation.description)) : null,
        parameters.length ? [el('h4', {}, 'Parameters'), this.rows(parameters.map((each) => (
          { name: each.name, where: each.in, required: each.required, schema: each.schema || {}, text: each.description })))] : null,
        request ? [el('h4', {}, 'Body' + (request.required ? '' : ', if any')), this.content(request.content)] : null,
        el('h4', {}, 'Answers'),
        Object.entries(operation.responses).map(([status, response]) => this.response(status, response))));
  }

  draw() {
    const { info, paths, tags } = this.api;
    document.title = 'WaxWatch API ' + info.version;
    document.getElementById('version').textContent = 'API ' + info.version;
    document.getElementById('about').append(...prose(info.description || ''));
    const content = document.getElementById('content');
    const index = document.getElementById('index');
    const groups = new Map((tags || []).map((tag) => [tag.name, { text: tag.description, all: [] }]));
    for (const [path, item] of Object.entries(paths)) {
      for (const method of ['get', 'post', 'put', 'patch', 'delete']) {
        if (!item[method]) continue;
        const tag = (item[method].tags || ['other'])[0];
        if (!groups.has(tag)) groups.set(tag, { all: [] });
        groups.get(tag).all.push([path, method, item[method]]);
      }
    }
    content.replaceChildren();
    for (const [tag, { text, all }] of groups) {
      if (!all.length) continue;
      content.append(el('details', { class: 'tag', id: 'tag-' + tag }, el('summary', {}, el('h2', {}, tag), ' ',
        el('span', { class: 'count' }, all.length + (all.length === 1 ? ' operation' : ' operations')), text ? el('p', {}, prose(text)) : null),
        all.map(([path, method, operation]) => this.operation(path, method, operation))));
      index.append(el('section', {}, el('h2', {}, tag), el('ul', {}, all.map(([path, method, operation]) => (
        el('li', { 'data-for': operation.operationId }, el('a', { href: '#' + operation.operationId },
          el('span', { class: 'method ' + method }, method.toUpperCase()), el('span', {}, breakable(path)))))))));
    }
    document.getElementById('filter').addEventListener('input', (event) => this.filter(event.target.value.toLowerCase().trim()));
    addEventListener('hashchange', () => this.show());
    this.show();
  }

  // What the address names may lie in a group that is folded.
  show() {
    const named = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!named) return;
    named.closest('details.tag')?.setAttribute('open', '');
    named.scrollIntoView();
  }

  filter(text) {
    for (const article of document.querySelectorAll('article')) {
      article.hidden = !article.dataset.words.includes(text);
      document.querySelector('[data-for="' + article.id + '"]').hidden = article.hidden;
    }
    for (const group of document.querySelectorAll('details.tag, #index section')) {
      group.hidden = !group.querySelector('article:not([hidden]), li:not([hidden])');
      if (group.matches('details')) group.open = text !== '' && !group.hidden;
    }
  }
}

fetch('/openapi.json')
  .then((answer) => (answer.ok ? answer.json() : Promise.reject(new Error('status ' + answer.status))))
  .then((api) => new Page(api).draw())
  .catch((failed) => { document.getElementById('state').textContent = 'The document could not be loaded: ' + failed.message; });

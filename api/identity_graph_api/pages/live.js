// Follows /v1/live/stream and shows its frames. Text only ever becomes text: nothing of the data is read as HTML.
"use strict";

const MOST_ROWS = 200;
const LONGEST_WAIT = 10000;
const KEY = "identity-graph-api-key";

const byId = (id) => document.getElementById(id);
const rows = new Map(); // event number -> its row, so that an event shown again takes the place it had
const seen = new Set(); // cursors of changes on the page
let paused = false;
let held = []; // frames that came while the page was paused
let passedOver = 0;

function say(text) {
  byId("connection").textContent = text;
}

function element(name, text, className) {
  const made = document.createElement(name);
  if (text) made.textContent = text;
  if (className) made.className = className;
  return made;
}

function clock(at) {
  const shown = element("time", at ? new Date(at).toLocaleTimeString() : "");
  if (at) shown.dateTime = at;
  return shown;
}

function matches(node) {
  const wanted = byId("filter").value.trim().toLowerCase();
  return !wanted || node.textContent.toLowerCase().includes(wanted);
}

function trim(list, forget) {
  while (list.children.length > MOST_ROWS) {
    forget(list.lastElementChild);
    list.lastElementChild.remove();
  }
}

function showEvent(event) {
  const row = element("tr", "", "fresh");
  row.dataset.number = event.number;
  const when = element("td");
  when.append(clock(event.applied_at));
  const who = element("td");
  if (event.problem) {
    who.append(element("span", "set aside: " + event.problem.replaceAll("_", " "), "problem"));
  } else if (event.customer_id) {
    if (event.name) who.append(event.name + " ");
    who.append(element("code", event.customer_id));
  } else {
    who.append(element("span", "not resolved yet", "quiet"));
  }
  row.append(when, element("td", event.source), element("td", event.type || "–"), who);
  row.hidden = !matches(row);
  const before = rows.get(event.number);
  if (before) before.replaceWith(row);
  else byId("events").prepend(row);
  rows.set(event.number, row);
  trim(byId("events"), (old) => rows.delete(Number(old.dataset.number)));
}

function showChange(change) {
  if (seen.has(change.cursor)) return;
  seen.add(change.cursor);
  const what = change.type.slice(change.type.indexOf(".") + 1);
  const item = element("li", "", what + " fresh");
  item.dataset.cursor = change.cursor;
  item.append(clock(change.at), " ", element("strong", what), " ", change.name ? change.name + " " : "");
  item.append(element("code", change.customer_id), " " + change.text);
  item.hidden = !matches(item);
  byId("changes").prepend(item);
  trim(byId("changes"), (old) => seen.delete(old.dataset.cursor));
}

function showState(state) {
  for (const shown of document.querySelectorAll("#state dd")) {
    const value = state[shown.dataset.of];
    const text = value === null ? "–" : value.toLocaleString();
    shown.textContent = shown.dataset.of === "oldest_seconds" && value !== null ? text + " s" : text;
  }
}

function show(frame) {
  for (const event of frame.events) showEvent(event);
  for (const change of frame.changes) showChange(change);
  passedOver += frame.passed_over;
  byId("passed-over").hidden = !passedOver;
  byId("passed-over").textContent = passedOver.toLocaleString() + " more events came too fast to be shown.";
}

function receive(frame) {
  showState(frame.state); // also while paused: how far behind things are is no list that runs away
  if (paused) held = [...held.slice(-MOST_ROWS), frame];
  else show(frame);
}

// Reads one stream to its end. EventSource cannot send a key, so this is the little of it that is needed.
async function follow() {
  const key = sessionStorage.getItem(KEY);
  const answer = await fetch("v1/live/stream", {
    headers: key ? { Authorization: "Bearer " + key } : {},
    cache: "no-store",
  });
  if (answer.status === 401) return askForKey(Boolean(key));
  if (!answer.ok) throw new Error("the service answered " + answer.status);
  say("Connected");
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return true;
    text += value;
    const messages = text.split("\n\n");
    text = messages.pop();
    for (const message of messages) {
      const data = message.split("\n").find((line) => line.startsWith("data: "));
      if (data) receive(JSON.parse(data.slice(6)));
    }
  }
}

function askForKey(wrong) {
  sessionStorage.removeItem(KEY);
  if (wrong) byId("key-problem").textContent = "The service does not know this API key.";
  byId("key-form").hidden = false;
  byId("key").focus();
  say("Not connected");
  return false;
}

async function keepFollowing() {
  let wait = 500;
  for (;;) {
    const started = Date.now();
    try {
      if (!(await follow())) return;
    } catch (error) {
      // Whatever broke the connection, the next try shows whether it is back.
    }
    wait = Date.now() - started > LONGEST_WAIT ? 500 : Math.min(2 * wait, LONGEST_WAIT);
    say("Connection lost, trying again…");
    await new Promise((resume) => setTimeout(resume, wait));
  }
}

byId("key-form").addEventListener("submit", (submitted) => {
  submitted.preventDefault();
  sessionStorage.setItem(KEY, byId("key").value.trim());
  byId("key").value = "";
  byId("key-form").hidden = true;
  say("Connecting…");
  keepFollowing();
});

byId("pause").addEventListener("click", () => {
  paused = !paused;
  byId("pause").setAttribute("aria-pressed", String(paused));
  byId("pause").textContent = paused ? "Go on" : "Pause";
  if (!paused) held.splice(0).forEach(show);
});

byId("filter").addEventListener("input", () => {
  for (const node of document.querySelectorAll("#events tr, #changes li")) node.hidden = !matches(node);
});

keepFollowing();

"use strict";
// Shows the answers that fit the pressed buttons and the searched words; the address keeps them.
(() => {
  const form = document.getElementById("filters");
  const search = document.getElementById("search");
  const shown = document.getElementById("shown");
  const buttons = [...form.querySelectorAll("button[aria-pressed]")];
  const groups = [...new Set(buttons.map((button) => button.dataset.group))];
  const cards = [...document.querySelectorAll(".answer")].map((element) => ({
    element, data: element.dataset, text: element.textContent.toLowerCase(),
  }));

  const isPressed = (button) => button.getAttribute("aria-pressed") === "true";
  const press = (button, state) => button.setAttribute("aria-pressed", String(state));
  const pressed = (group) => buttons
    .filter((button) => button.dataset.group === group && isPressed(button))
    .map((button) => button.dataset.value);

  function apply() {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const wanted = new Map(groups.map((group) => [group, pressed(group)]));
    const fits = (card, group) => !wanted.get(group).length
      || wanted.get(group).includes(card.data[group]);
    const found = cards.filter((card) => words.every((word) => card.text.includes(word)));
    const visible = new Set(found.filter((card) => groups.every((group) => fits(card, group))));
    for (const card of cards) card.element.hidden = !visible.has(card);
    // A button counts what it would show beside the other groups as they are.
    for (const button of buttons) {
      const { group, value } = button.dataset;
      const others = groups.filter((other) => other !== group);
      button.querySelector(".count").textContent = found.filter((card) =>
        card.data[group] === value && others.every((other) => fits(card, other))).length;
    }
    shown.textContent = `${visible.size} of ${cards.length} answers`;
  }

  function remember() {
    const state = new URLSearchParams();
    for (const group of groups) for (const value of pressed(group)) state.append(group, value);
    if (search.value.trim()) state.append("q", search.value.trim());
    const hash = state.toString();
    history.replaceState(null, "", hash ? `#${hash}` : location.pathname + location.search);
  }

  function recall() {
    const hash = location.hash.slice(1);
    if (hash && !hash.includes("=")) return; // a place in the page
    const state = new URLSearchParams(hash);
    for (const button of buttons) {
      const { group, value } = button.dataset;
      press(button, state.getAll(group).includes(value));
    }
    search.value = state.get("q") ?? "";
    apply();
  }

  function change() {
    apply();
    remember();
  }

  for (const button of buttons) {
    button.addEventListener("click", () => {
      press(button, !isPressed(button));
      change();
    });
  }
  search.addEventListener("input", change);
  form.addEventListener("submit", (event) => event.preventDefault());
  document.getElementById("clear").addEventListener("click", () => {
    for (const button of buttons) press(button, false);
    search.value = "";
    change();
  });
  for (const [id, state] of [["open", true], ["close", false]]) {
    document.getElementById(id).addEventListener("click", () => {
      for (const { element } of cards) if (!element.hidden) element.open = state;
    });
  }
  window.addEventListener("hashchange", recall);
  form.hidden = false;
  recall();
})();

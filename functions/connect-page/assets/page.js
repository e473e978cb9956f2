// Conveniences. Without this script the page does the same.

for (const button of document.querySelectorAll("button[data-reveals]")) {
  const input = document.getElementById(button.dataset.reveals);
  const label = button.firstElementChild;
  const show = label.textContent;
  button.hidden = false;
  button.addEventListener("click", () => {
    const isShown = input.type === "password";
    input.type = isShown ? "text" : "password";
    label.textContent = isShown ? button.dataset.hide : show;
  });
}

// A second click while keys are checked would only have to be told to wait.
for (const form of document.forms) {
  const button = form.querySelector("[data-checking]");
  const status = form.querySelector("[data-status]");
  const label = button.textContent;
  form.addEventListener("submit", (event) => {
    if (button.getAttribute("aria-disabled") === "true") return event.preventDefault();
    // What is shown as text might be remembered by the browser.
    for (const { dataset } of form.querySelectorAll("button[data-reveals]")) {
      document.getElementById(dataset.reveals).type = "password";
    }
    button.setAttribute("aria-disabled", "true");
    button.textContent = button.dataset.checking;
    status.textContent = button.dataset.checking;
  });
  // The browser may show the page again as it left it.
  addEventListener("pageshow", ({ persisted }) => {
    if (!persisted) return;
    form.reset();
    button.removeAttribute("aria-disabled");
    button.textContent = label;
    status.textContent = "";
  });
}

for (const link of document.querySelectorAll("a[data-follow-after-ms]")) {
  setTimeout(() => location.replace(link.href), Number(link.dataset.followAfterMs));
}

// Times in the visitor's own zone, and as they are written in the visitor's own kind of the page's language.
const { lang } = document.documentElement;
const locale = navigator.languages.find((tag) => tag.startsWith(lang)) ?? lang;
for (const time of document.querySelectorAll("time")) {
  time.textContent = new Intl.DateTimeFormat(locale, {
    dateStyle: "long",
    timeStyle: "short",
  }).format(new Date(time.dateTime));
}

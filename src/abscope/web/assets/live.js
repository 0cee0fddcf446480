// A job's page follows the job: it asks the API, and loads itself anew when the job has ended.
(() => {
  "use strict";
  const section = document.querySelector("[data-job]");
  if (!section) return;
  const { t } = window.abscope;
  const show = (name, text) => { section.querySelector(`[data-field=${name}]`).textContent = t(text); };
  const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

  async function follow(wait) {
    const answer = await fetch(`/api/v1/jobs/${section.dataset.job}`, { headers: { Accept: "application/json" } });
    if (!answer.ok) return show("note", "The server no longer tells; load the page anew.");
    const job = await answer.json();
    if (["done", "failed", "interrupted"].includes(job.state)) return location.reload();
    show("state", capital(job.state));
    show("note", job.progress.note);
    setTimeout(() => follow(Math.min(wait * 1.5, 10000)), wait);
  }
  follow(500);
})();

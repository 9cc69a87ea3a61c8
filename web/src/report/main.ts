/** The script of the evaluation's HTML report: a viewer for each image, when it comes in sight. */
import { createViewer } from "../viewer/viewer";
import { type ImageData, decodeFrame } from "./data";

const root = document.documentElement;

function fail(message: string, section?: Element) {
  root.dataset.error = message;
  const place = section?.querySelector(".place");
  if (place) {
    place.textContent = `This picture cannot be shown: ${message}`;
  }
}

async function load(section: HTMLElement) {
  if (typeof DecompressionStream === "undefined") {
    throw new Error("the browser is older than 2023 (it has no DecompressionStream)");
  }
  const json = section.querySelector(".image-data")?.textContent ?? "";
  const frame = await decodeFrame(JSON.parse(json) as ImageData);
  section.querySelector(".place")?.remove();
  createViewer(section).show(frame);
  section.dataset.loaded = "true";
}

window.addEventListener("error", (event) => {
  fail(event.message);
});
window.addEventListener("unhandledrejection", (event) => {
  fail(String(event.reason));
});

const seen = new IntersectionObserver(
  (entries) => {
    for (const { isIntersecting, target } of entries) {
      if (isIntersecting && target instanceof HTMLElement) {
        seen.unobserve(target);
        const place = target.querySelector(".place");
        if (place !== null) {
          place.textContent = "Loading";
        }
        load(target).catch((reason: unknown) => {
          fail(String(reason), target);
        });
      }
    }
  },
  { rootMargin: "600px" },
);
document.querySelectorAll("section.viewer").forEach((section) => {
  seen.observe(section);
});
root.dataset.ready = "true";

import { render } from "preact";
import type { StackInfo } from "../wire";
import { App } from "./app";
import { readApi } from "./server-api";
import { remembered } from "./theme-switch";
import { listenToServer } from "./use-live";

const theme = remembered();
if (theme !== "system") document.documentElement.dataset.theme = theme;

const root = document.getElementById("app");
if (root === null) throw new Error("Expected an element with the id app in the page but received none");
listenToServer();
readApi<StackInfo>("/api/stack").then(
  (stack) => {
    root.replaceChildren();
    render(<App initial={stack} />, root);
  },
  (error: unknown) => {
    root.textContent = `The runner does not answer: ${error instanceof Error ? error.message : error}`;
  },
);

import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    // Files run at once anyway; this lets the tests within a file do so too.
    sequence: { concurrent: true },
  },
});

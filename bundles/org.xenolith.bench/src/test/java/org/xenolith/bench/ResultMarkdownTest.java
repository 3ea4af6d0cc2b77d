// SPDX-License-Identifier: EPL-2.0
package org.xenolith.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.Gson;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ResultMarkdownTest {

  @Test
  void aFigureIsARow() {
    String page = ResultMarkdown.text(HistoryTest.result("2026-01-02T00:00:00Z", "Neoverse", ""));
    assertTrue(page.startsWith("# Bench\n"), page);
    assertTrue(page.contains("ended 2026-01-02T00:00:00Z: Neoverse"), page);
    assertTrue(page.matches("(?s).*\n\\| `[a-z.]+` \\| ms \\| [0-9.]+ \\([0-9.]+ to [0-9.]+\\) \\| .*\\| 1\\.50 \\|\n.*"), page);
  }

  /** The page in the repository is of the JSON beside it, and that of five runs. */
  @Test
  void thePageOfTheRepositoryIsOfItsJson() throws Exception {
    Path figures = Path.of(System.getProperty("xenolith.root"), "docs/figures");
    Result result = new Gson().fromJson(Files.readString(figures.resolve("bench.json")), Result.class);
    assertEquals(ResultMarkdown.text(result), Files.readString(figures.resolve("bench.md")),
        "run ./xenolith bench --runs 5 --json docs/figures/bench.json --page docs/figures/bench.md");
    assertTrue(result.options().runs() >= 5, "not of five runs");
  }
}

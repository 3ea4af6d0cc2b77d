// SPDX-License-Identifier: EPL-2.0
package org.xenolith.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.Gson;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ResultMarkdownTest {

  @Test
  void aFigureIsARow() {
    String page = ResultMarkdown.text(HistoryTest.result("2026-01-02T00:00:00Z", "Neoverse", ""));
    assertTrue(page.startsWith("# Bench\n"), page);
    assertTrue(page.contains("ended 2026-01-02T00:00:00Z: Neoverse"), page);
    assertTrue(page.contains("JVM; CPUs of guests are cortex-a57, x86-64-v2; the other side is QEMU"), page);
    assertTrue(page.matches("(?s).*\n\\| `[a-z.]+` \\| ms \\| [0-9.]+ \\([0-9.]+ to [0-9.]+\\) \\| .*\\| 1\\.50 \\|\n.*"), page);
  }

  @Test
  void theOtherSideIsNamedAsItIs() {
    String page = ResultMarkdown.text(HistoryTest.byTables());
    assertTrue(page.contains("\n\n| figure | unit | ours | by device tree | ratio |\n|---|---|---|---|---|\n| `acpi.guest` | ns | "), page);
    assertTrue(page.contains("; the other side is ours, too. ") && page.contains("ours by the other side's."), page);
    assertFalse(page.contains("QEMU"), page);
    StringWriter table = new StringWriter();
    ResultTable.print(HistoryTest.byTables(), new PrintWriter(table));
    assertTrue(table.toString().matches("(?s).* beside the same by its device tree +ours +by device tree +ratio +MIPS\n.*"),
        table::toString);
    ResultTable.print(HistoryTest.result("2026-01-02T00:00:00Z", "Neoverse", ""), new PrintWriter(table));
    assertTrue(table.toString().contains("\nCPUs of guests are cortex-a57, x86-64-v2\n"), table::toString);
    assertTrue(table.toString().matches("(?s).*Debian's boot, bare metal +ours +QEMU +ratio +MIPS\n.*"), table::toString);
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

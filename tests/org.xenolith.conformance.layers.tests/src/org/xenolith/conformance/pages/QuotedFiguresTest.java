// SPDX-License-Identifier: EPL-2.0
package org.xenolith.conformance.pages;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.conformance.layers.Checkout;

/** README, the pages of what works and what can be done, and that of the bench quote figures from the last bench of five runs and from nowhere else. */
class QuotedFiguresTest {

  @Test
  void pagesQuoteTheLastBench() throws IOException {
    QuotedFigures figures = new QuotedFigures(Files.readString(Checkout.root().resolve("docs/figures/bench.md")));
    assertTrue(figures.count() > 40, "only so many figures: " + figures.count());
    List<String> problems = new ArrayList<>();
    for (String page : List.of("README.md", "docs/status.md", "docs/tour.md", "docs/bench.md")) {
      problems.addAll(figures.problems(page, Files.readString(Checkout.root().resolve(page))));
    }
    assertEquals("", String.join("\n", problems));
  }

  @Test
  void aFigureThatDiffersIsFound() {
    QuotedFigures figures = new QuotedFigures("| `boot.guest` | ms | 6099 (5684 to 7166) | 1517 (1 to 2) | 4.02 |\n");
    assertEquals(List.of(), figures.problems("p",
        "it boots in 6 s<!-- boot.guest ours -->, 6.10 s<!-- boot.guest ours --> or 4<!-- boot.guest ratio -->"));
    assertEquals(1, figures.problems("p", "in 7 s<!-- boot.guest ours -->").size());
    assertEquals(1, figures.problems("p", "in 6 s<!-- boot.gust ours -->").size());
    assertEquals(1, figures.problems("p", "in 6 MiB<!-- boot.guest ours -->").size());
    assertEquals(1, figures.problems("p", "it boots in 6 s").size());
    assertEquals(List.of(), figures.problems("p", "```\nlimit 6 s\n``` and `--limit 6 s`"));
  }
}

// SPDX-License-Identifier: EPL-2.0
package org.xenolith.conformance.pages;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.conformance.layers.Checkout;

/** Every link of every page leads to a file, and to a heading if it names one. */
class LinksTest {
  @TempDir
  Path folder;

  @Test
  void everyLinkOfThisCheckoutLeadsSomewhere() throws IOException {
    assertEquals("", String.join("\n", Links.broken(Checkout.root(), Links.pages(Checkout.root()))));
  }

  @Test
  void filesAndHeadingsThatAreNotThereAreNamed() throws IOException {
    Files.createDirectories(folder.resolve("target"));
    Files.writeString(folder.resolve("target/made.md"), "[nowhere](none.md)");
    Files.writeString(folder.resolve("a.md"), """
        # One, two `three`
        [good](b.md), [web](https://example.com/x.md), `[code](none.md)`, [here](#one-two-three), [there](b.md#on-a-pc)
        [no file](c.md) and [no heading](b.md#on-an-arm) and [none here](#two)
        """);
    Files.writeString(folder.resolve("b.md"), "## On a PC\n");
    assertEquals(List.of("a.md links to c.md, which isn't there", "a.md links to b.md#on-an-arm, which is no heading there",
        "a.md links to #two, which is no heading there"), Links.broken(folder, Links.pages(folder)));
  }

  @Test
  void aHeadingThatComesAgainHasANumber() {
    assertEquals(Set.of("live-change", "live-change-1", "whats-new"), Links.anchors(
        "# Live change\n\n## Live change\n\n### What's *new*?\n"));
  }
}

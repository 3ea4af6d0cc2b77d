// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.commandline;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.xenolith.it.product.Outcome;
import org.xenolith.it.product.Product;
import org.xenolith.testkit.FullLane;

/** What docs/guides/hypervisor-trap.md has typed finds a domain's trap, and what the page shows of it is so. */
@FullLane
class HypervisorTrapGuideTest {
  @Test
  void theGuidesCommandFindsWhatItShows() throws Exception {
    String page = Files.readString(Product.root().resolve("docs/guides/hypervisor-trap.md"));
    Matcher fence = Pattern.compile("(?ms)^<!-- run by HypervisorTrapGuideTest .*?-->\n```\n(.*?)^```").matcher(page);
    assertTrue(fence.find());
    Outcome run = Product.guide(fence.group(1).strip()).expect(3);
    Matcher shown = Pattern.compile("(?ms)^```\n(\\(xenolith\\) traps.*?)^```").matcher(page);
    assertTrue(shown.find());
    shown.group(1).lines().forEach(line -> assertTrue(run.out().contains(line + "\n"), () -> "'" + line + "' isn't in\n" + run.out()));
  }
}

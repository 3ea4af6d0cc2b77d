// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.commandline;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.xenolith.it.product.Outcome;
import org.xenolith.it.product.Product;
import org.xenolith.it.product.Program;
import org.xenolith.testkit.FullLane;

/** Bold and coloured letters (SGR of ECMA-48) are for who sits at a terminal and has not said NO_COLOR. */
@FullLane
class ColouredHelpTest {
  private static final Pattern GRAPHIC_RENDITION = Pattern.compile("\u001b\\[[0-9;]*m");

  @Test
  void helpIsBoldOnATerminalAloneAndWithoutNoColorThere() throws InterruptedException {
    assertEquals(true, coloured(onTerminal(Map.of())));
    assertEquals(false, coloured(onTerminal(Map.of("NO_COLOR", "1"))));
    assertEquals(false, coloured(Product.run("help", "list")));
    assertEquals(false, coloured(Product.run("lits")));
  }

  private static Outcome onTerminal(Map<String, String> environment) throws InterruptedException {
    try (Program help = Product.startOnTerminal(environment, "help", "list")) {
      return help.await(Product.LONG).expect(0).outHas("Usage: .*list");
    }
  }

  private static boolean coloured(Outcome outcome) {
    return GRAPHIC_RENDITION.matcher(outcome.out() + outcome.err()).find();
  }
}

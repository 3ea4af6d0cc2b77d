// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.command.api.OptionName;

class ShownTextTest {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final ShownText texts = new ShownText(new PrintStream(bytes, true, StandardCharsets.UTF_8));

  private String shown() {
    return bytes.toString(StandardCharsets.UTF_8);
  }

  @Test
  void optionsAreShownAsTheyAreTyped() {
    texts.println("name it in " + OptionName.option("disk") + " — please");
    assertEquals("name it in --disk — please\n", shown());
  }

  @Test
  void whatIsToldWaitsWhileAPersonTypesAndIsNotLost() {
    texts.println("before");
    texts.held().hold();
    texts.println("model-failed /timer");
    texts.printf("%s%n", "and another");
    texts.flush();
    assertEquals("before\n", shown(), "it would run through the line that is typed");
    HeldOutput.release(List.of(texts.held()));
    assertEquals("before\nmodel-failed /timer\nand another\n", shown());
    texts.println("after");
    assertEquals("before\nmodel-failed /timer\nand another\nafter\n", shown());
  }
}

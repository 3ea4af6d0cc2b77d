// SPDX-License-Identifier: EPL-2.0
package org.xenolith.conformance.sources;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.xenolith.conformance.layers.Checkout;

/**
 * No two bundles have classes of the same simple name, but for one each of two architectures (ADR 33) and those of {@code same-names.txt}, which only becomes
 * shorter; and none says nothing.
 */
class ClassNamesTest {

  @Test
  void noNameIsNewInASecondBundle() throws IOException {
    List<String> known;
    try (InputStream list = ClassNamesTest.class.getResourceAsStream("same-names.txt")) {
      known = new String(list.readAllBytes(), StandardCharsets.UTF_8).lines().filter(line -> !line.startsWith("#")).toList();
    }
    List<String> shared = ClassNames.shared(Checkout.root()).entrySet().stream().map(ClassNamesTest::line).toList();
    assertEquals("", String.join("\n", shared.stream().filter(line -> !known.contains(line)).toList()),
        "give the class a name that says whose it is");
    assertEquals("", String.join("\n", known.stream().filter(line -> !shared.contains(line)).toList()),
        "no longer so: take the lines out of same-names.txt");
  }

  @Test
  void noNameSaysNothing() throws IOException {
    assertEquals(Set.of(), ClassNames.empty(Checkout.root()), "a name says what the class is: a Util or a Manager could be anything");
    assertTrue(ClassNames.isEmpty("StringUtils") && ClassNames.isEmpty("UartImpl") && !ClassNames.isEmpty("DevicePathUtilities"));
  }

  private static String line(Map.Entry<String, ? extends Iterable<String>> entry) {
    return entry.getKey() + ": " + String.join(" ", entry.getValue());
  }
}

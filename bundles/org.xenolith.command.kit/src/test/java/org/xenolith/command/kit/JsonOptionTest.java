// SPDX-License-Identifier: EPL-2.0
package org.xenolith.command.kit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JsonOptionTest {
  private record Part(String name, long bytes) {}

  private record Answer(String text, boolean good, String missing, List<Part> parts, Map<String, List<String>> choices) {}

  private record Other(String name, String version) {}

  @Test
  void noKeyTakesThePlaceOfTheFormsVersion() {
    Other bundle = new Other("a", "1.0.0");
    assertThrows(IllegalArgumentException.class, () -> JsonOption.print(new PrintWriter(new StringWriter()), "one", 1, bundle));
  }

  @Test
  void kindAndVersionComeFirstAndWhatIsNullIsLeftOut() {
    StringWriter text = new StringWriter();
    JsonOption.print(new PrintWriter(text), "parts", 3, new Answer("a <b> \"c\"\n", true, null, List.of(new Part("one", 1L << 40)), Map.of(
        "k",
        List.of("v"))));
    assertEquals("""
        {
          "kind": "parts",
          "version": 3,
          "text": "a <b> \\"c\\"\\n",
          "good": true,
          "parts": [
            {
              "name": "one",
              "bytes": 1099511627776
            }
          ],
          "choices": {
            "k": [
              "v"
            ]
          }
        }
        """, text.toString().replace(System.lineSeparator(), "\n"));
  }
}

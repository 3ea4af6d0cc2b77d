// SPDX-License-Identifier: EPL-2.0
package org.xenolith.from.qemu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.xenolith.command.api.BadInput;

/**
 * Command lines that stand on public pages, options as they are there, files with other names: {@code public-pages.txt} has each behind the page's address, then the exit code and what is printed. {@code FromQemuTest}
 * boots them.
 */
class PublicPagesTest {
  static final List<String> CPUS = List.of("cortex-a53", "cortex-a57", "cortex-a72");
  static final Set<String> NETWORKS = Set.of("user", "tap", "stream");

  private static List<String> pages() throws IOException {
    try (InputStream text = PublicPagesTest.class.getResourceAsStream("public-pages.txt")) {
      return Stream.of(new String(text.readAllBytes(), StandardCharsets.UTF_8).split("(?m)^## ")).filter(each -> !each.isBlank()).toList();
    }
  }

  @Test
  void eachLineIsOursOrItIsSaidWhatIsMissing() throws IOException {
    List<String> pages = pages();
    assertTrue(pages.size() >= 20, () -> pages.size() + " pages");
    for (String page : pages) {
      String address = page.lines().findFirst().orElseThrow();
      int code = page.indexOf("\n= ");
      assertEquals(page.substring(code + 1).stripTrailing(), said(page.substring(address.length() + 1, code)), address);
    }
  }

  private static String said(String line) {
    StringBuilder text = new StringBuilder();
    try {
      TranslatedLine translated = TranslatedLine.of(QemuLine.of(ShellWords.split(line)), CPUS, NETWORKS);
      text.append(translated.whole() ? "= 0" : "= 1").append("\n> ").append(translated.line());
      translated.comments().forEach(each -> text.append("\n> # ").append(each));
    } catch (BadInput e) {
      text.append("= 2\n> ").append(e.getMessage());
    }
    return text.toString();
  }
}

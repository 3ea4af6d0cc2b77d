// SPDX-License-Identifier: EPL-2.0
package org.xenolith.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ResultPageTest {
  private static final Pattern DATA = Pattern.compile("(?s)<script type=\"application/json\" id=\"data\">(.*?)</script>");

  private final Result result = HistoryTest.result("2026-01-02T00:00:00Z", "Neoverse", "");
  private final String page = ResultPage.text(result, List.of(HistoryTest.result("2026-01-01T00:00:00Z", "Neoverse", ""), result));

  @Test
  void thePageHoldsResultAndHistory() {
    Matcher data = DATA.matcher(page);
    assertTrue(data.find());
    JsonObject read = JsonParser.parseString(data.group(1)).getAsJsonObject();
    assertEquals("2026-01-02T00:00:00Z", read.getAsJsonObject("result").get("date").getAsString());
    assertEquals(2, read.getAsJsonArray("history").size());
    assertEquals("QEMU", read.getAsJsonObject("peers").get("boot").getAsString());
    assertEquals("by device tree", read.getAsJsonObject("peers").get("acpi").getAsString());
    JsonObject figure = read.getAsJsonObject("result").getAsJsonArray("figures").get(0).getAsJsonObject();
    assertEquals("</script> to the marker", figure.get("says").getAsString(), "no text ends the data");
    assertEquals(1.5, figure.get("ratio").getAsDouble());
    assertTrue(figure.getAsJsonObject("peer").getAsJsonArray("loads").get(0).isJsonNull(), "a load that is not known");
  }

  @Test
  void thePageNeedsNothingElse() {
    assertTrue(page.contains("Chart.js v"), "the chart library is in it");
    assertFalse(Pattern.compile("<(link|img|iframe)\\b|<script[^>]*\\bsrc\\b|@import|url\\(http").matcher(page).find());
    assertFalse(page.contains("{data}") || page.contains("{library}"));
  }
}

// SPDX-License-Identifier: EPL-2.0
package org.xenolith.bench;

import static org.xenolith.command.api.OptionName.option;

import com.google.gson.GsonBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.xenolith.command.api.BadInput;

/**
 * A result and its history as one HTML file that needs no network: the page's own script makes tables and charts of the data
 * that stand in it, with the chart library Chart.js.
 */
final class ResultPage {
  private static final String LIBRARY = "/chart/META-INF/resources/webjars/chart.js/4.5.1/dist/chart.umd.min.js";
  private static final String PAGE = "/org/xenolith/bench/page.html";

  private ResultPage() {}

  /** What the page's script reads. @param parts names of parts and what they are @param peers who is on their other side */
  private record Data(Map<String, String> parts, Map<String, String> peers, Result result, List<Result> history) {}

  /** @param history results to compare with, the oldest first; the result is the last of them */
  static void write(Path file, Result result, List<Result> history) {
    try {
      Files.writeString(file, text(result, history));
    } catch (IOException e) {
      throw BadInput.of(option("page"), file, e);
    }
  }

  static String text(Result result, List<Result> history) {
    Map<String, String> parts = new LinkedHashMap<>();
    Map<String, String> peers = new LinkedHashMap<>();
    Arrays.stream(BenchPart.values()).forEach(part -> {
      parts.put(part.toString(), part.says);
      peers.put(part.toString(), part.peer);
    });
    // HTML escaping also keeps "</script>" out of the data.
    String data = new GsonBuilder().serializeNulls().create().toJson(new Data(parts, peers, result, history));
    return resource(PAGE).replace("{library}", resource(LIBRARY)).replace("{data}", data);
  }

  private static String resource(String name) {
    try (InputStream in = ResultPage.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("the bundle lacks its resource " + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

// SPDX-License-Identifier: EPL-2.0
package org.xenolith.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.xenolith.bench.Result.Row;
import org.xenolith.bench.Result.Side;
import org.xenolith.command.api.BadInput;

/** A result as a page of text for a repository: a table, no history, no charts. */
final class ResultMarkdown {
  /** How a file's name ends that is to become one. */
  static final String SUFFIX = ".md";

  private ResultMarkdown() {}

  static void write(Path file, Result result) {
    try {
      Files.writeString(file, text(result));
    } catch (IOException e) {
      throw BadInput.of("--page", file, e);
    }
  }

  static String text(Result result) {
    Host host = result.host();
    StringBuilder text = new StringBuilder("""
        # Bench

        `./xenolith bench --runs %d%s` at commit %s, ended %s: %s, %d cores, %d MiB, %s, %s;%s the other side is %s. Load before the runs %s.

        Medians, with the least and the most; *ratio* is that of the medians, ours by %s. In all units less is better.
        """.formatted(result.options().runs(), only(result), result.commit().isEmpty() ? "unknown" : result.commit(), result.date(), host
        .cpu(),
        host.cores(), host.memoryMiB(), host.system(), host.java(), result.guests().isEmpty() ? "" : " " + result.guests() + ";", side(
            result),
        ResultTable.loads(result).replace("..", " to "), others(result).equals(Set.of(Measurement.EMULATOR)) ? "QEMU's"
            : "the other side's"));
    String peer = "";
    for (Row row : result.figures()) {
      String its = BenchPart.of(row.name()).peer;
      if (!its.equals(peer)) {
        peer = its;
        text.append("\n| figure | unit | ours | %s | ratio |\n|---|---|---|---|---|\n".formatted(peer));
      }
      text.append("| `%s` | %s | %s | %s | %s |\n".formatted(row.name(), row.unit(), text(row.ours()), text(row.peer()),
          row.ratio() == null ? "" : "%.2f".formatted(row.ratio())));
    }
    return text.toString();
  }

  /** The option for parts, if not all usual ones were measured. */
  private static String only(Result result) {
    Set<BenchPart> parts = result.figures().stream().map(row -> BenchPart.of(row.name())).collect(Collectors.toCollection(() -> EnumSet
        .noneOf(BenchPart.class)));
    return parts.equals(EnumSet.copyOf(BenchPart.usual())) ? "" : " --only " + parts.stream().map(BenchPart::toString).collect(Collectors
        .joining(","));
  }

  private static String side(Result result) {
    return !others(result).contains(Measurement.EMULATOR) ? "ours, too" : result.peer().isEmpty() ? "absent" : result.peer();
  }

  /** Who is on the other side of its figures. */
  private static Set<String> others(Result result) {
    return result.figures().stream().map(row -> BenchPart.of(row.name()).peer).collect(Collectors.toSet());
  }

  private static String text(Side side) {
    return side == null ? "" : "%s (%s to %s)".formatted(ResultTable.number(side.median()), ResultTable.number(side.min()),
        ResultTable.number(side.max()));
  }
}

// SPDX-License-Identifier: EPL-2.0
package org.xenolith.bench;

import java.io.PrintWriter;
import java.util.Objects;
import java.util.stream.Stream;
import org.xenolith.bench.Result.Row;
import org.xenolith.bench.Result.Side;

/** A result as text. */
final class ResultTable {
  private ResultTable() {}

  static void print(Result result, PrintWriter out) {
    out.printf("%n%s%nload before the runs %s; medians of %d runs (least..most); %s%n", result.host(), loads(result),
        result.options().runs(), result.peer().isEmpty() ? "no peer" : result.peer());
    if (!result.guests().isEmpty()) {
      out.println(result.guests());
    }
    BenchPart part = null;
    for (Row row : result.figures()) {
      BenchPart its = BenchPart.of(row.name());
      if (its != part) {
        part = its;
        out.printf("%n%-64s  %-27s %-27s %6s %6s%n", part.says, "ours", part.peer, "ratio", "MIPS");
      }
      out.printf("  %-56s %5s  %-27s %-27s %6s %6s%n", row.says(), row.unit(), text(row.ours()), text(row.peer()),
          row.ratio() == null ? "" : "%.2f".formatted(row.ratio()), row.mips() == null ? "" : "%.0f".formatted(row.mips()));
    }
    out.flush();
  }

  /** Least and most load of all runs. */
  static String loads(Result result) {
    var loads = result.figures().stream().flatMap(row -> Stream.of(row.ours(), row.peer()))
        .filter(Objects::nonNull).flatMap(side -> side.loads().stream()).filter(Objects::nonNull)
        .mapToDouble(load -> load).summaryStatistics();
    return loads.getCount() == 0 ? "unknown" : "%.1f..%.1f".formatted(loads.getMin(), loads.getMax());
  }

  private static String text(Side side) {
    return side == null ? "" : "%s (%s..%s)".formatted(number(side.median()), number(side.min()), number(side.max()));
  }

  /** Three significant digits, but every digit before the point. */
  static String number(double value) {
    return Math.abs(value) >= 100 ? "%.0f".formatted(value) : Math.abs(value) >= 10 ? "%.1f".formatted(value) : "%.2f".formatted(value);
  }
}

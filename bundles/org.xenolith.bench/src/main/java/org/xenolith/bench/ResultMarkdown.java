// SPDX-License-Identifier: EPL-2.0
package org.xenolith.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

        `./xenolith bench --runs %d` at commit %s, ended %s: %s, %d cores, %d MiB, %s, %s; the other side is %s. Load before the runs %s.

        Medians, with the least and the most; *ratio* is that of the medians, ours by QEMU's. In all units less is better.

        | figure | unit | ours | QEMU | ratio |
        |---|---|---|---|---|
        """.formatted(result.options().runs(), result.commit().isEmpty() ? "unknown" : result.commit(), result.date(), host.cpu(),
        host.cores(), host.memoryMiB(), host.system(), host.java(), result.peer().isEmpty() ? "absent" : result.peer(),
        ResultTable.loads(result).replace("..", " to ")));
    for (Row row : result.figures()) {
      text.append("| `%s` | %s | %s | %s | %s |\n".formatted(row.name(), row.unit(), text(row.ours()), text(row.peer()),
          row.ratio() == null ? "" : "%.2f".formatted(row.ratio())));
    }
    return text.toString();
  }

  private static String text(Side side) {
    return side == null ? "" : "%s (%s to %s)".formatted(ResultTable.number(side.median()), ResultTable.number(side.min()),
        ResultTable.number(side.max()));
  }
}

package org.xenolith.cli;

import com.google.gson.GsonBuilder;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.xenolith.command.api.BadInput;

/** The table of a bench, for people and as JSON. */
final class BenchReport {
  private final Map<String, BenchSeries> series;

  BenchReport(Map<String, BenchSeries> series) {
    this.series = series;
  }

  /** One row of the JSON list; the names are its keys. */
  private record Row(String name, double ours, double peer, String unit, double ratio, int runs, Double mips) { }

  void print(PrintWriter out) {
    out.printf("%-8s %10s %10s %7s %9s  %s%n", "", "ours ms", "QEMU ms", "ratio", "our MIPS", "our spread");
    series.values().forEach(s -> out.printf("%-8s %10.0f %10.0f %7.2f %9s  %s%n", s.name, s.ours(), s.peer(),
        s.ours() / s.peer(), Double.isNaN(s.mips()) ? "" : "%.0f".formatted(s.mips()), s.spread()));
    out.flush();
  }

  void write(Path file) {
    List<Row> rows = series.values().stream().map(s -> new Row(s.name, s.ours(), s.peer(), s.unit, s.ours() / s.peer(),
        s.runs(), Double.isNaN(s.mips()) ? null : s.mips())).toList();
    try {
      Files.writeString(file, new GsonBuilder().setPrettyPrinting().create().toJson(rows) + "\n");
    } catch (IOException e) {
      throw new BadInput("--json '" + file + "': can't be written: " + e.getMessage());
    }
  }
}

// SPDX-License-Identifier: EPL-2.0
package org.xenolith.bench;

import static org.xenolith.command.api.OptionName.option;

import com.google.gson.GsonBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.xenolith.command.api.BadInput;

/**
 * What a bench has measured, as {@code --json} writes it and the history keeps it. Names are the JSON keys;
 * {@code docs/bench.md} explains them.
 *
 * @param schema  version of this form; raised when a reader of the one before would misread it
 * @param date    when the bench ended, ISO 8601 in UTC
 * @param commit  the checkout's commit, with {@code -dirty} when files differ from it; empty without git
 * @param host    the machine
 * @param cpus    which CPU our guests have, of each architecture; empty in results that are older than CPUs' names
 * @param peer    the peer's version
 * @param options what was asked for
 * @param figures what was measured
 */
record Result(int schema, String date, String commit, Host host, List<String> cpus, String peer, Options options, List<Row> figures) {
  /** JSON without {@code cpus} gives a null. */
  Result {
    cpus = cpus == null ? List.of() : List.copyOf(cpus);
  }

  /** The version of the form that is written. */
  static final int SCHEMA = 1;

  /**
   * What was asked for.
   *
   * @param runs   runs of each side
   * @param engine our CPU engine; empty for the default
   * @param gic    version of the interrupt controller
   */
  record Options(int runs, String engine, int gic) {}

  /**
   * A figure.
   *
   * @param name  unique, for example {@code boot.second}; the same in every run of a bench
   * @param says  what it is
   * @param unit  {@code ms}, {@code us}, {@code ns}, {@code M} (millions) or {@code MiB}: less is better
   * @param ours  on us, or null
   * @param peer  on QEMU, or null
   * @param ratio our median by the peer's, or null
   * @param mips  millions of guest instructions per second on us, or null
   */
  record Row(String name, String says, String unit, Side ours, Side peer, Double ratio, Double mips) {}

  /**
   * One side of a figure.
   *
   * @param values run by run
   * @param loads  the machine's load average before each run; null where the system does not say
   */
  record Side(double median, double min, double max, List<Double> values, List<Double> loads) {}

  /** Rows of figures. */
  static List<Row> rows(Figures figures) {
    return figures.all().stream().map(figure -> new Row(figure.name, figure.says, figure.unit, side(figure.ours), side(figure.peer),
        known(figure.ratio()), known(figure.mips()))).toList();
  }

  private static Side side(BenchSamples samples) {
    return samples.isEmpty() ? null : new Side(round(samples.median()), round(samples.least()), round(samples.most()),
        samples.values().stream().map(Result::round).toList(), samples.loads().stream().map(Result::known).toList());
  }

  private static Double known(double value) {
    return Double.isNaN(value) ? null : round(value);
  }

  /** Nobody measures more than four decimals. */
  private static double round(double value) {
    return Math.round(value * 1e4) / 1e4;
  }

  /** Which CPUs guests have, as a sentence without its end; empty if that isn't known. */
  String guests() {
    return cpus.isEmpty() ? "" : "CPUs of guests are " + String.join(", ", cpus);
  }

  void write(Path file) {
    try {
      Files.writeString(file, new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().serializeNulls()
          .create().toJson(this) + "\n");
    } catch (IOException e) {
      throw BadInput.of(option("json"), file, e);
    }
  }
}

// SPDX-License-Identifier: EPL-2.0
package org.xenolith.bench;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.xenolith.command.api.BadInput;

/** One run of an emulator as a whole process: at which host time its guest said what. */
final class EmulatorRun {
  private static final int TAIL = 15;
  /** Far more than anything takes: whoever runs so long hangs. */
  private static final int MINUTES = 20;
  private final String marker;
  private final List<Line> lines = new ArrayList<>();
  private final List<Double> markers = new ArrayList<>();
  private final Map<String, Double> moments = new LinkedHashMap<>();
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private final double load = Host.load();
  private double peakMemory = Double.NaN;
  private double cpu = Double.NaN;
  private boolean marked;

  /**
   * What was said.
   *
   * @param milliseconds host time from the start of the process until the line was complete
   */
  record Line(String text, double milliseconds) {}

  private EmulatorRun(String marker, String... moments) {
    this.marker = marker;
    for (String text : moments) {
      this.moments.put(text, Double.NaN);
    }
  }

  /**
   * Runs until the process ends by itself.
   *
   * @param marker  a text whose every first appearance on a line is of interest
   * @param moments other texts that are seen before, for {@link #moment}
   * @throws BadInput if it fails, or the marker is never seen
   */
  static EmulatorRun toItsEnd(List<String> command, String marker, String... moments) throws IOException, InterruptedException {
    return new EmulatorRun(marker, moments).run(command, false);
  }

  /** Runs until the marker is seen, and ends the process then. */
  static EmulatorRun toTheMarker(List<String> command, String marker, String... moments) throws IOException, InterruptedException {
    return new EmulatorRun(marker, moments).run(command, true);
  }

  private EmulatorRun run(List<String> command, boolean endAtMarker) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("XENOLITH_NO_BUILD", "1");
    builder.redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
    long begin = System.nanoTime();
    Process process = builder.start();
    CompletableFuture.delayedExecutor(MINUTES, TimeUnit.MINUTES).execute(process::destroyForcibly);
    boolean ended = false;
    try (InputStream in = process.getInputStream()) {
      byte[] buffer = new byte[1 << 13];
      int n = in.read(buffer);
      while (n > 0) {
        accept(buffer, n, (System.nanoTime() - begin) / 1e6, process.pid());
        ended = endAtMarker && !markers.isEmpty();
        n = ended ? -1 : in.read(buffer);
      }
    } finally {
      process.destroy();
    }
    int code = process.waitFor();
    if (!ended && code != 0 || markers.isEmpty()) {
      throw new BadInput("bench: " + command.getFirst() + " did not get to the end (exit code " + code + "); its last lines:\n"
          + String.join("\n", lines.subList(Math.max(0, lines.size() - TAIL), lines.size()).stream().map(Line::text).toList()));
    }
    return this;
  }

  /** Takes what came; a marker counts as soon as it is there, a line when it is complete. */
  private void accept(byte[] bytes, int count, double now, long pid) {
    for (int i = 0; i < count; i++) {
      if (bytes[i] == '\n') {
        look(now, pid);
        lines.add(new Line(text().strip(), now));
        line.reset();
        marked = false;
      } else {
        line.write(bytes[i]);
      }
    }
    look(now, pid);
  }

  private void look(double now, long pid) {
    for (Map.Entry<String, Double> moment : moments.entrySet()) {
      if (moment.getValue().isNaN() && text().contains(moment.getKey())) {
        moment.setValue(now);
      }
    }
    if (!marked && line.size() >= marker.length() && text().contains(marker)) {
      marked = true;
      markers.add(now);
      if (markers.size() == 1) {
        peakMemory = Host.peakMemory(pid);
        cpu = Host.cpuTime(pid);
      }
    }
  }

  private String text() {
    return line.toString(StandardCharsets.UTF_8);
  }

  /** All complete lines. */
  List<Line> lines() {
    return lines;
  }

  /** Host milliseconds from the start of the process until the marker was seen for the first time. */
  double marker() {
    return markers.getFirst();
  }

  /** Host milliseconds until another text was seen. @throws BadInput if it never was */
  double moment(String text) {
    double seen = moments.get(text);
    if (Double.isNaN(seen)) {
      throw new BadInput("bench: '" + text + "' was never said before '" + marker + "'");
    }
    return seen;
  }

  /** The most memory that the process had had then, in MiB. */
  double peakMemory() {
    return peakMemory;
  }

  /** The CPU time that the process had used then, in ms. */
  double cpu() {
    return cpu;
  }

  /** The machine's load average just before. */
  double load() {
    return load;
  }
}

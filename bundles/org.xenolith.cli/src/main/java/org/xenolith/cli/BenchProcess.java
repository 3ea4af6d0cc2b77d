package org.xenolith.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.xenolith.command.api.BadInput;

/** Runs one emulator as a whole process and takes the host time at which its guest says things. */
final class BenchProcess {
  private static final Pattern START = Pattern.compile("BENCH-START (\\w+)");
  private static final Pattern END = Pattern.compile("BENCH (\\w+) ([0-9.]+) ms sum=(\\w+)");
  private static final int TAIL = 15;

  private BenchProcess() { }

  /**
   * What one run gave.
   *
   * @param milliseconds      host time of each part
   * @param guestMilliseconds the guest's own time of each workload
   * @param sums              checksum of each workload
   */
  record Times(Map<String, Double> milliseconds, Map<String, Double> guestMilliseconds, Map<String, String> sums) { }

  /** Runs until the process ends. */
  static Times run(List<String> command, String marker, String done) throws IOException, InterruptedException {
    Times times = new Times(new LinkedHashMap<>(), new LinkedHashMap<>(), new LinkedHashMap<>());
    Deque<String> tail = new ArrayDeque<>();
    Map<String, Long> started = new LinkedHashMap<>();
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("XENOLITH_NO_BUILD", "1");
    builder.redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")));
    long begin = System.nanoTime();
    Process process = builder.start();
    boolean finished = false;
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        long now = System.nanoTime();
        tail.addLast(line);
        if (tail.size() > TAIL) {
          tail.removeFirst();
        }
        Matcher start = START.matcher(line);
        Matcher end = END.matcher(line);
        if (line.contains(marker)) {
          times.milliseconds().put("boot", (now - begin) / 1e6);
        } else if (line.contains(done)) {
          finished = true;
        } else if (start.find()) {
          started.put(start.group(1), now);
        } else if (end.find() && started.containsKey(end.group(1))) {
          times.milliseconds().put(end.group(1), (now - started.get(end.group(1))) / 1e6);
          times.guestMilliseconds().put(end.group(1), Double.valueOf(end.group(2)));
          times.sums().put(end.group(1), end.group(3));
        }
      }
    } finally {
      process.destroy();
    }
    process.waitFor();
    if (!finished || !times.milliseconds().containsKey("boot")) {
      throw new BadInput("bench: " + command.getFirst() + " did not get to the end; its last lines:\n"
          + String.join("\n", tail));
    }
    return times;
  }
}

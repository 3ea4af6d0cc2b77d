// SPDX-License-Identifier: EPL-2.0
package org.xenolith.conformance.cpu;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.xenolith.cpu.api.CpuEngineFactory;
import org.xenolith.testkit.a64.scenarios.Scenarios;

/**
 * Scenarios of one kind, which an engine and {@code qemu-system-aarch64} run side by side.
 *
 * @param kind   the scenarios
 * @param engine what executes them on our side
 */
record ScenarioRun(Scenarios kind, CpuEngineFactory engine) {
  /** Scenarios of one guest; the next one has another seed. */
  private static final int BATCH = 50_000;
  private static final int TIMEOUT_SECONDS = 600;
  private static final int REPORTED = 5;
  /** Scenarios of which one at the most is a {@link SplitLoad}; five in a million were. */
  private static final int SELDOM = 50_000;
  /** What the guest's last line says. */
  private static final String END = ".";

  /**
   * Runs scenarios and compares what both sides printed, line by line; {@link SplitLoad}s, of which there are few, are passed over.
   *
   * @param seed  of the first guest
   * @param count scenarios in all
   * @return what differs, empty if nothing does
   */
  List<String> differences(long seed, int count) throws IOException {
    List<String> found = new ArrayList<>();
    int open = 0;
    for (int done = 0; done < count; done += BATCH) {
      long guest = seed + done / BATCH;
      int scenarios = Math.min(BATCH, count - done);
      open += compare("%s, guest %d: ".formatted(kind, guest), qemu(kind.image(guest, scenarios)), kind.run(engine, guest, scenarios),
          found);
    }
    if (open > 1 + count / SELDOM) {
      found.add("%s: %d loads across the end of a page are reported in another order than QEMU's".formatted(kind, open));
    }
    return found;
  }

  /** Returns how many lines are passed over. */
  private static int compare(String where, List<String> expected, List<String> actual, List<String> found) {
    int open = 0;
    for (int i = 0; i < Math.max(expected.size(), actual.size()) && found.size() < REPORTED; i++) {
      String one = i < expected.size() ? expected.get(i) : "nothing";
      String other = i < actual.size() ? actual.get(i) : "nothing";
      if (SplitLoad.is(one, other)) {
        open++;
      } else if (!one.equals(other)) {
        found.add("%sline %d%n  qemu   %s%n  engine %s".formatted(where, i + 1, one, other));
      }
    }
    if (expected.isEmpty() || !expected.getLast().equals(END)) {
      found.add(where + "QEMU came to no end; last line: " + (expected.isEmpty() ? "none" : expected.getLast()));
    }
    return open;
  }

  /** What a guest printed under QEMU. It is ended from here: the guest can't. */
  private List<String> qemu(byte[] image) throws IOException {
    Path file = Files.createTempFile("xenolith-scenarios", ".bin");
    try {
      Files.write(file, image);
      Process process = new ProcessBuilder(QemuProgram.find("qemu-system-aarch64", "qemu-system-arm"), "-M", kind.machine(), "-cpu",
          "cortex-a57", "-m", "512", "-display", "none", "-monitor", "none", "-nic", "none", "-serial", "stdio", "-device",
          "loader,file=%s,addr=0x%x,cpu-num=0".formatted(file, Scenarios.BASE)).redirectInput(ProcessBuilder.Redirect.PIPE)
          .redirectError(ProcessBuilder.Redirect.INHERIT).start();
      CompletableFuture.delayedExecutor(TIMEOUT_SECONDS, TimeUnit.SECONDS).execute(process::destroyForcibly);
      List<String> lines = new ArrayList<>();
      try (BufferedReader printed = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.ISO_8859_1))) {
        for (String line = printed.readLine(); line != null; line = printed.readLine()) {
          lines.add(line);
          if (line.equals(END)) {
            break;
          }
        }
      } finally {
        process.destroyForcibly();
      }
      return lines;
    } finally {
      Files.delete(file);
    }
  }
}

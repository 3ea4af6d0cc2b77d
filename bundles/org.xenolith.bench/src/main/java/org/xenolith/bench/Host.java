// SPDX-License-Identifier: EPL-2.0
package org.xenolith.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;

/**
 * The machine that a bench ran on.
 *
 * @param cpu       the processor's name
 * @param cores     processors that the JVM may use
 * @param memoryMiB its RAM
 * @param system    the operating system
 * @param java      the JVM
 */
record Host(String cpu, int cores, long memoryMiB, String system, String java) {
  private static final Path PROC = Path.of("/proc");

  /** This machine. */
  static Host here() {
    String memory = field("meminfo", "MemTotal").replaceAll("\\D", "");
    return new Host(field("cpuinfo", "model name"), Runtime.getRuntime().availableProcessors(),
        memory.isEmpty() ? 0 : Long.parseLong(memory) >> 10, System.getProperty("os.name") + " " + System.getProperty("os.version"),
        System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"));
  }

  /** How many processes wanted to run during the last minute; NaN where the system does not say. */
  static double load() {
    try {
      return Double.parseDouble(Files.readString(PROC.resolve("loadavg")).split(" ")[0]);
    } catch (IOException e) {
      return Double.NaN;
    }
  }

  /** The most memory that a process has had so far, in MiB; NaN when it is gone or the system does not say. */
  static double peakMemory(long pid) {
    String peak = field(pid + "/status", "VmHWM").replaceAll("\\D", "");
    return peak.isEmpty() ? Double.NaN : Long.parseLong(peak) / 1024.0;
  }

  /** The CPU time that a process has used so far, in ms; NaN when it is gone or the system does not say. */
  static double cpuTime(long pid) {
    return ProcessHandle.of(pid).flatMap(process -> process.info().totalCpuDuration()).map(time -> time.toNanos() / 1e6).orElse(
        Double.NaN);
  }

  /** The value of a field {@code KEY : VALUE}; empty without one. */
  private static String field(String file, String key) {
    try (Stream<String> lines = Files.lines(PROC.resolve(file))) {
      return lines.map(line -> line.split(":", 2)).filter(pair -> pair.length == 2 && pair[0].strip().equals(key))
          .map(pair -> pair[1].strip()).findFirst().orElse("");
    } catch (IOException | java.io.UncheckedIOException e) {
      return "";
    }
  }

  @Override
  public String toString() {
    return String.join(", ", Arrays.asList(cpu, cores + " cores", memoryMiB + " MiB", system, java));
  }
}

// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.snapshot;

import static org.xenolith.command.api.OptionName.option;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.xenolith.machine.Hardware;
import org.xenolith.machine.kit.Processor;

/**
 * Which CPUs a machine has, as {@link Processor#identification} tells it: in snapshots and journals a line for each. Those of versions that had none have no lines, and are
 * taken for what the topology says.
 *
 * @param cpus in the order of their nodes
 */
public record CpuIdentities(List<Map<String, String>> cpus) {
  private static final String WORD = "identification ";
  private static final String ABSENT = "nothing";

  /** Those of a machine. */
  public static CpuIdentities of(Hardware hardware) {
    return new CpuIdentities(hardware.cpus.stream().map(Processor::identification).toList());
  }

  /** Whether a line is one. */
  public static boolean is(String line) {
    return line.startsWith(WORD);
  }

  /** The lines, without their ends. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    for (Map<String, String> cpu : cpus) {
      StringBuilder line = new StringBuilder(WORD.strip());
      cpu.forEach((name, value) -> line.append(' ').append(RecordText.encode(name)).append('=').append(RecordText.encode(value)));
      lines.add(line.toString());
    }
    return lines;
  }

  /** Adds what a line says. @throws IllegalArgumentException if that can't be understood */
  public void read(String line) {
    Map<String, String> cpu = new LinkedHashMap<>();
    for (String field : line.substring(WORD.length()).split(" ")) {
      int equals = field.indexOf('=');
      if (equals < 0) {
        throw new IllegalArgumentException("expected NAME=VALUE, got \"" + RecordText.shown(field) + '"');
      }
      cpu.put(RecordText.decode(field.substring(0, equals)), RecordText.decode(field.substring(equals + 1)));
    }
    cpus.add(cpu);
  }

  /**
   * What a machine's CPUs are otherwise than these, for people, with what to do; empty if they are the same, or nothing is known of these.
   *
   * @param here those of the machine
   */
  public Optional<String> difference(CpuIdentities here) {
    for (int i = 0; i < Math.min(cpus.size(), here.cpus.size()); i++) {
      Map<String, String> was = cpus.get(i);
      Map<String, String> is = here.cpus.get(i);
      if (!was.equals(is)) {
        Set<String> names = new LinkedHashSet<>(was.keySet());
        names.addAll(is.keySet());
        List<String> others = names.stream().filter(name -> !value(was, name).equals(value(is, name))).map(name -> name + " " + value(was,
            name) + ", here "
            + value(is, name)).toList();
        return Optional.of("CPU " + i + " was another one: " + String.join("; ", others) + ". Take the one of then" + (value(was,
            Processor.CPU).equals(value(is,
                Processor.CPU)) ? ", with its options and the version of its description" : ", with " + option("cpu") + " " + value(was,
                    Processor.CPU)));
      }
    }
    return Optional.empty();
  }

  private static String value(Map<String, String> cpu, String name) {
    return cpu.getOrDefault(name, ABSENT);
  }
}

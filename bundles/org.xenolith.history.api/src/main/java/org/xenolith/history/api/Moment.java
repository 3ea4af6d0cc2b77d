// SPDX-License-Identifier: EPL-2.0
package org.xenolith.history.api;

/**
 * Where a machine's run stands: what was due and what came from outside by then has been taken. Who has the same run, recorded or replayed, finds the same there.
 *
 * @param instructions executed by then, on all CPUs together
 * @param nanoseconds  virtual time; it goes on without an instruction while all CPUs wait
 */
public record Moment(long instructions, long nanoseconds) implements Comparable<Moment> {
  /** @throws IllegalArgumentException if one is negative */
  public Moment {
    if (instructions < 0 || nanoseconds < 0) {
      throw new IllegalArgumentException("moment " + instructions + ", " + nanoseconds + " ns: there is none before the machine begins");
    }
  }

  @Override
  public int compareTo(Moment other) {
    int order = Long.compare(instructions, other.instructions);
    return order != 0 ? order : Long.compare(nanoseconds, other.nanoseconds);
  }

  /** As a person writes it, and {@link MachineHistory#goal} reads it: {@code 938033991@2086862848ns}. */
  @Override
  public String toString() {
    return instructions + "@" + nanoseconds + "ns";
  }
}

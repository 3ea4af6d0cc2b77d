// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;

/** Leaves out of many inputs, whose last one brought something to light, those that it doesn't need. */
final class Shortest {
  /** Then what is left is short enough: nobody waits longer. */
  private static final long CPU_NANOSECONDS = 20_000_000_000L;

  private final Attack attack;
  private final long end = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() + CPU_NANOSECONDS;

  private Shortest(Attack attack) {
    this.attack = attack;
  }

  /** Inputs that are enough in a new world; all of them if they are not enough a second time. The attack's world is of no more use. */
  static List<byte[]> of(Attack attack, List<byte[]> inputs) {
    return new Shortest(attack).shorten(inputs);
  }

  private List<byte[]> shorten(List<byte[]> inputs) {
    for (int last = 1; last < inputs.size() && inTime(); last *= 2) {
      List<byte[]> part = inputs.subList(inputs.size() - last, inputs.size());
      if (enough(part)) {
        return without(part);
      }
    }
    return without(inputs);
  }

  /** Leaves out parts, smaller and smaller ones. */
  private List<byte[]> without(List<byte[]> inputs) {
    List<byte[]> left = new ArrayList<>(inputs);
    for (int part = left.size() / 2; part > 0; part /= 2) {
      for (int at = 0; at + part < left.size() && inTime();) {
        List<byte[]> rest = new ArrayList<>(left);
        rest.subList(at, at + part).clear();
        if (enough(rest)) {
          left = rest;
        } else {
          at += part;
        }
      }
    }
    return left;
  }

  private boolean enough(List<byte[]> inputs) {
    return !Trial.of(attack, inputs).isEmpty();
  }

  private boolean inTime() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() < end;
  }
}

// SPDX-License-Identifier: EPL-2.0
package org.xenolith.profile;

import org.xenolith.profile.StackTree.Node;

/** What a profile has found out. */
final class Findings {
  /** Root of the stacks that are exits. */
  static final String EXITS = "exits";

  final long period;
  /** Instructions of the machine when it began. */
  final long before;
  final Samples samples;
  final ExitCosts exits = new ExitCosts();
  final Counts exceptions = new Counts();
  final Counts regionExits = new Counts();
  private final Weight sampled = new Weight();
  private long translated;

  Findings(long period, long before, Samples samples) {
    this.period = period;
    this.before = before;
    this.samples = samples;
  }

  void sampled(long instructions, long nanoseconds) {
    sampled.add(1, instructions, nanoseconds);
  }

  void translated(long instructions, String wayOut) {
    translated += instructions;
    regionExits.add(wayOut);
  }

  long samples() {
    return sampled.samples;
  }

  /** Host time of CPUs for the sampled instructions, exits included. */
  long nanoseconds() {
    return sampled.nanoseconds;
  }

  /** Instructions executed in regions. */
  long translated() {
    return translated;
  }

  /** Guest code and exits, with names. */
  StackTree<String> stacks() {
    StackTree<String> stacks = samples.named();
    if (!exits.root().calls.isEmpty()) {
      add(stacks, stacks.below(stacks.root, EXITS), exits.root());
    }
    return stacks;
  }

  private static void add(StackTree<String> stacks, Node<String> to, Node<String> from) {
    to.self.add(0, 0, from.self.nanoseconds);
    from.calls.forEach((name, call) -> add(stacks, stacks.below(to, name), call));
  }
}

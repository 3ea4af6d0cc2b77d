// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.graph;

import java.util.function.LongConsumer;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.isa.Decoder;

/** Nodes of single instructions, for an engine that executes all others by itself: nothing around them is decoded. */
public final class LoneNodes {
  private final Cpu cpu;
  private final NodeFactory factory;
  private final Node straight = new SystemNodes.Nothing();

  /**
   * Nodes for a CPU.
   *
   * @param jumps looks up where an exception, its return or a wait goes on, at the address that {@code Cpu.pc} is then, too
   */
  public LoneNodes(Cpu cpu, LongConsumer jumps) {
    this.cpu = cpu;
    Node away = new SystemNodes.Nothing();
    factory = new NodeFactory(null, target -> {
      jumps.accept(target);
      return away;
    }, cpu);
  }

  /**
   * Makes the node of a word that isn't a branch.
   *
   * @param off where it is in its page
   */
  public Node create(int word, int off) {
    Node node = factory.create(null, word, off);
    node.off = off;
    node.next = straight;
    return node;
  }

  /**
   * Executes the instruction at {@code Cpu.pc}, which goes on behind it or to where it leads, and counts it.
   *
   * @throws org.xenolith.a64.arch.GuestFault if it faults instead; that is noted, and nothing is counted
   */
  public void execute(Node node) {
    Cpu c = cpu;
    c.page = c.pc & -4096;
    if (node.exec(c, c.x) == straight) {
      c.pc += 4;
    }
    c.left--;
  }

  /** The decoder of the CPU's features. */
  public Decoder decoder() {
    return factory.decoder();
  }
}

// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.time;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.StateMismatch;

/** The clocks of a machine's nodes. */
public final class NodeClocks {
  private final VirtualClock machine;
  private final Map<String, NodeClock> clocks = new TreeMap<>();
  private boolean steady = true;

  /** Its state is the core's: the clocks that don't show virtual time. */
  public NodeClocks(VirtualClock machine, DeviceState state) {
    this.machine = machine;
    state.varying("clocks", this::reset, this::save, this::restore);
    state.added("clocks");
  }

  /** The clock of a node, whoever goes by it. */
  public NodeClock of(String node) {
    return clocks.computeIfAbsent(node, this::make);
  }

  private NodeClock make(String node) {
    NodeClock made = new NodeClock(machine);
    made.listen(() -> steady = clocks.values().stream().allMatch(NodeClock::steady));
    return made;
  }

  /** The clock of a node, if anything has gone by it. */
  public Optional<NodeClock> known(String node) {
    return Optional.ofNullable(clocks.get(node));
  }

  /** Whether all run as time does: then code may count by itself. */
  public boolean steady() {
    return steady;
  }

  private void reset() {
    clocks.values().forEach(NodeClock::reset);
  }

  private byte[] save() {
    StringBuilder text = new StringBuilder();
    clocks.forEach((node, clock) -> {
      String saved = clock.saved();
      if (!saved.isEmpty()) {
        text.append(saved).append(' ').append(node).append('\n');
      }
    });
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  private void restore(byte[] saved) {
    reset();
    new String(saved, StandardCharsets.UTF_8).lines().forEach(line -> {
      try {
        of(line.split(" ", 4)[3]).restore(line);
      } catch (RuntimeException e) {
        throw new StateMismatch("clocks: " + line);
      }
    });
  }
}

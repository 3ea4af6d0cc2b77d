// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.faults;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.xenolith.machine.Hardware;
import org.xenolith.machine.bus.BusWindow;
import org.xenolith.machine.control.HardwareFault;
import org.xenolith.machine.time.NodeClock;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.regs.StateMismatch;

/** The faults of a machine's hardware that last. What has one is told, and goes past it without one. */
public final class HardwareFaults {
  private final Hardware hardware;
  /** In the order in which they came. */
  private final Map<HardwareFault, LastingFault> lasting = new LinkedHashMap<>();

  /** Its state is the core's. */
  public HardwareFaults(Hardware hardware) {
    this.hardware = hardware;
    hardware.state.varying("faults", this::clear, this::save, this::restore);
    hardware.state.added("faults");
  }

  /** Injects the fault of an input. @throws IllegalArgumentException if it can't be; the message says why, and nothing has changed */
  public int inject(String place, byte[] bytes) {
    HardwareFault fault = HardwareFault.of(place, new String(bytes, StandardCharsets.UTF_8));
    if (lasting.containsKey(fault)) {
      throw new IllegalArgumentException(place + " has that fault already");
    }
    LastingFault installed = install(fault);
    installed.begins();
    if (fault.lasts()) {
      lasting.put(fault, installed);
    }
    hardware.events.report("fault", place, fault.text());
    return bytes.length;
  }

  /** Ends the fault of an input. @throws IllegalArgumentException if it doesn't last */
  public int end(String place, byte[] bytes) {
    HardwareFault fault = HardwareFault.of(place, new String(bytes, StandardCharsets.UTF_8));
    LastingFault installed = lasting.remove(fault);
    if (installed == null) {
      throw new IllegalArgumentException(place + " doesn't have the fault " + fault.text());
    }
    installed.ends();
    hardware.events.report("fault-end", place, fault.text());
    return bytes.length;
  }

  /** The machine was reset: faults go on. */
  public void machineReset() {
    lasting.values().forEach(LastingFault::machineReset);
  }

  private LastingFault install(HardwareFault fault) {
    PlatformNode node = hardware.platform.node(fault.node()).orElseThrow(() -> new IllegalArgumentException("there is no node " + fault
        .node() + "; devices lists them"));
    return switch (fault) {
      case HardwareFault.Line line -> new FaultyLine(hardware, node.path(), line);
      case HardwareFault.Window window -> install(node, window);
      case HardwareFault.Clock clock -> install(node, clock);
      case HardwareFault.Link link -> {
        refuseSecond(link);
        yield new FaultyLink(hardware, link);
      }
    };
  }

  /** A clock or a link has one fault at a time. */
  private void refuseSecond(HardwareFault fault) {
    if (lasting.keySet().stream().anyMatch(each -> each.getClass() == fault.getClass() && each.node().equals(fault.node()))) {
      throw new IllegalArgumentException(fault.node() + " has such a fault already; mend it before");
    }
  }

  private LastingFault install(PlatformNode node, HardwareFault.Window fault) {
    if (fault.window() < 0 || fault.window() >= node.windows().size()) {
      throw new IllegalArgumentException(node.path() + " has " + node.windows().size() + " windows, none of number " + fault.window());
    }
    if (fault.first() >= node.windows().get(fault.window()).size()) {
      throw new IllegalArgumentException("%s: window %d has 0x%x bytes, none at 0x%x".formatted(node.path(), fault.window(), node.windows()
          .get(fault.window()).size(), fault.first()));
    }
    BusWindow window = hardware.space.window(node.windows().get(fault.window()).base());
    if (window == null) {
      throw new IllegalArgumentException(node.path() + ": no model answers at window " + fault.window());
    }
    window.fault(fault, hardware.clock::stall);
    return () -> window.fault(null, hardware.clock::stall);
  }

  private LastingFault install(PlatformNode node, HardwareFault.Clock fault) {
    NodeClock clock = hardware.clocks.known(node.path()).orElseThrow(() -> new IllegalArgumentException(node.path()
        + ": nothing goes by a clock there: expected the node of a device that a model serves, or of a CPU"));
    if (fault.lasts()) {
      refuseSecond(fault);
    }
    return new FaultyClock(fault, clock);
  }

  private void clear() {
    lasting.values().forEach(LastingFault::goes);
    lasting.clear();
  }

  private byte[] save() {
    StringBuilder text = new StringBuilder();
    lasting.forEach((fault, installed) -> text.append(fault.node()).append(' ').append(fault.text()).append('\n').append(installed.saved())
        .append('\n'));
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  private void restore(byte[] saved) {
    clear();
    List<String> lines = List.of(new String(saved, StandardCharsets.UTF_8).split("\n", -1));
    try {
      for (int i = 0; i + 1 < lines.size(); i += 2) {
        int blank = lines.get(i).indexOf(' ');
        HardwareFault fault = HardwareFault.of(lines.get(i).substring(0, blank), lines.get(i).substring(blank + 1));
        LastingFault installed = install(fault);
        lasting.put(fault, installed);
        installed.restore(lines.get(i + 1));
      }
    } catch (RuntimeException e) {
      throw new StateMismatch("faults: " + e.getMessage());
    }
  }
}

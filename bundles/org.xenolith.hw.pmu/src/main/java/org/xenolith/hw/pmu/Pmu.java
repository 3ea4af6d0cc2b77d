// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.pmu;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.xenolith.arm.api.ArmCpu;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.InterruptLine;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.regs.DeviceState;

/** The performance monitors of the CPUs that a node is for. */
final class Pmu implements DeviceModel {
  /** First cell of a private interrupt in a GIC's specifiers. */
  private static final int PRIVATE = 1;

  private final DeviceState state = new DeviceState();
  private final List<CpuPmu> monitors = new ArrayList<>();

  Pmu(DeviceContext context) {
    List<ArmCpu> machine = ArmCpu.of(context.processors());
    List<Integer> cpus = cpus(context);
    for (int i = 0; i < cpus.size(); i++) {
      ArmCpu cpu = machine.get(cpus.get(i));
      monitors.add(new CpuPmu(cpu, context, state, line(context, i, cpu.index())));
    }
  }

  /** The CPUs of the node: those of {@code interrupt-affinity}, else all (devicetree binding arm/pmu). */
  private static List<Integer> cpus(DeviceContext context) {
    int[] affinity = context.node().property("interrupt-affinity").map(p -> p.cells()).orElse(new int[0]);
    if (affinity.length == 0) {
      return IntStream.range(0, context.processors().cpus().size()).boxed().toList();
    }
    List<String> nodes = context.platform().cpus().stream().map(PlatformNode::path).toList();
    return IntStream.of(affinity).mapToObj(phandle -> context.platform().byPhandle(phandle))
        .map(node -> node.map(n -> nodes.indexOf(n.path())).orElse(-1)).filter(cpu -> cpu >= 0).toList();
  }

  /** The private interrupt that all have, or each one's own; null if there is none. */
  private static InterruptLine line(DeviceContext context, int place, int cpu) {
    if (context.lines().interrupts() == 0) {
      return null;
    }
    int[] cells = context.node().interrupts().getFirst().cells();
    if (cells.length >= 3 && cells[0] == PRIVATE) {
      return context.lines().interrupt(0, cpu);
    }
    return place < context.lines().interrupts() ? context.lines().interrupt(place) : null;
  }

  @Override
  public DeviceState state() {
    return state;
  }

  @Override
  public void reset() {
    state.reset();
    monitors.forEach(CpuPmu::reset);
  }

  @Override
  public void restored() {
    monitors.forEach(CpuPmu::restored);
  }

  @Override
  public void removed() {
    monitors.forEach(CpuPmu::removed);
  }
}

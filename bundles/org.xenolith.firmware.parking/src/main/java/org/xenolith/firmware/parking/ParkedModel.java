// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.parking;

import java.util.List;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.firmware.kit.ParkedCpu;
import org.xenolith.arm.api.ArmCpu;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DmaPort;
import org.xenolith.machine.api.EventLog;
import org.xenolith.machine.api.ExternalAbort;
import org.xenolith.machine.api.ModelException;
import org.xenolith.platform.api.Platform;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.regs.DeviceState;

/**
 * Parks one CPU: when the boot CPU is powered on, its mailbox is written and it begins to wait there, by code that it executes itself.
 * From then on nothing of this model is needed: the code sleeps (WFI) until the GIC wakes the CPU, looks whether the mailbox has its
 * number, and goes where the mailbox says.
 */
final class ParkedModel implements DeviceModel {
  private final DeviceState state = new DeviceState();
  private final ArmCpu cpu;
  private final int number;
  private final long mailbox;
  private final long cpuInterface;
  private final DmaPort dma;
  private final EventLog events;
  private final String instance;

  ParkedModel(DeviceContext context) {
    instance = context.instance();
    events = context.events();
    dma = context.memory().dma();
    mailbox = ParkedCpu.mailbox(context.node()).orElseThrow(() -> new ModelException(instance + ": its enable-method isn't "
        + ParkedCpu.METHOD));
    number = number(context.platform(), instance);
    cpuInterface = cpuInterface(context.platform());
    List<ArmCpu> cpus = ArmCpu.of(context.processors());
    cpu = cpu(cpus, affinity(context.node()));
    // The tree's header names the boot CPU, or it is the first one
    long boot = context.platform().source().bootCpuid() & 0xFFFF_FFFFL;
    ArmCpu first = cpus.stream().filter(each -> each.affinity() == boot).findFirst().orElse(cpus.getFirst());
    if (cpu != first) {
      first.atPowerOn(this::park);
    }
  }

  private ArmCpu cpu(List<ArmCpu> cpus, long affinity) {
    return cpus.stream().filter(each -> each.affinity() == affinity).findFirst().orElseThrow(
        () -> new ModelException(instance + ".reg: no CPU has the affinity 0x" + Long.toHexString(affinity)));
  }

  private static long affinity(PlatformNode node) {
    return node.property("reg").filter(reg -> reg.length() == 4 || reg.length() == 8).map(FdtProperty::number)
        .orElseThrow(() -> new ModelException(node.path() + ".reg: expected the CPU's affinity"));
  }

  /** Its place among the CPUs, which is its number in the MADT. */
  private static int number(Platform platform, String path) {
    return platform.cpus().stream().filter(PlatformNode::enabled).map(PlatformNode::path).toList().indexOf(path);
  }

  private long cpuInterface(Platform platform) {
    return ParkingPlan.cpuInterface(platform).orElseThrow(() -> new ModelException(instance + ": the parking protocol is there for boards "
        + "with a GICv2; start the CPU by PSCI"));
  }

  private void park() {
    byte[] page = WaitingCode.page(number, cpuInterface);
    try {
      dma.write(mailbox, page, 0, page.length);
    } catch (ExternalAbort abort) {
      events.report("parking-bad-address", instance, "the mailbox at 0x" + Long.toHexString(mailbox)
          + " is outside of memory; this CPU can't be started");
      return;
    }
    cpu.powerOn(mailbox + WaitingCode.ENTRY, mailbox);
  }

  @Override
  public DeviceState state() {
    return state;
  }
}

// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.gicv2;

import java.util.List;
import java.util.OptionalLong;
import java.util.function.BiFunction;
import java.util.function.IntSupplier;
import org.xenolith.arm.api.ArmCpu;
import org.xenolith.machine.api.AccessRule;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.InterruptInputs;
import org.xenolith.machine.api.InterruptLine;
import org.xenolith.machine.api.ModelException;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.ListedRegister;
import org.xenolith.regs.Register;

/**
 * A GICv2 without the Security Extensions, as QEMU's {@code virt} board has it. The node's {@code reg} holds the
 * distributor, the CPU interface and, with the Virtualization Extensions, virtual interface control (GICH) and the virtual
 * CPU interface (GICV); its {@code interrupts} then names the maintenance interrupt.
 */
final class Gicv2 implements DeviceModel, InterruptInputs {
  private static final int MOST_LINES = 1024;

  private final DeviceState state = new DeviceState();
  private final InterruptStates interrupts;
  private final CpuInterfaces interfaces;
  private final ListRegisters lists;

  Gicv2(DeviceContext context) {
    ArmCpu[] cpus = ArmCpu.of(context.processors()).toArray(new ArmCpu[0]);
    if (cpus.length < 1 || cpus.length > InterruptStates.CPUS) {
      throw new ModelException(context.instance() + ": a GICv2 serves 1 to 8 CPUs, the machine has " + cpus.length
          + "; choose fewer CPUs or a GICv3");
    }
    int lines = lines(context);
    int bits = (int) context.options().number("priority-bits");
    if (bits < 4 || bits > 8) {
      throw new ModelException(context.instance() + ": option priority-bits: expected 4 to 8, got " + bits);
    }
    IntSupplier accessor = context.bus().access()::cpu;
    interrupts = new InterruptStates(state, cpus.length, lines);
    interfaces = new CpuInterfaces(state, interrupts, bits, cpus, accessor, context.faults());
    Distributor distributor = new Distributor(interrupts, bits, accessor, context.faults(), interfaces::update);
    context.bus().window(0, AccessRule.UP_TO_WORD, distributor);
    context.bus().window(1, AccessRule.WORD, interfaces);
    lists = new ListRegisters(state, cpus, maintenance(context, cpus.length));
    if (context.bus().windows() >= 4) {
      HypervisorControl control = new HypervisorControl(lists, accessor, context.faults());
      VirtualCpuInterfaces virtual = new VirtualCpuInterfaces(lists, interrupts, accessor, context.faults(), interfaces::update);
      context.bus().window(2, AccessRule.WORD, control);
      context.bus().window(3, AccessRule.WORD, virtual);
      show("GICH", GichRegister.words(), cpus.length, control::shown);
      show("GICV", GiccRegister.words(), cpus.length, virtual::shown);
    }
    show("GICD", GicdRegister.words(), cpus.length, distributor::shown);
    show("GICC", GiccRegister.words(), cpus.length, interfaces::shown);
    context.lines().controller(this);
  }

  /** A window whose registers are banked by CPU. */
  private void show(String window, List<ListedRegister> words, int cpus, BiFunction<Register, Integer, OptionalLong> value) {
    for (int i = 0; i < cpus; i++) {
      int cpu = i;
      state.shows("cpu" + cpu + "." + window, words, word -> value.apply(word, cpu));
    }
  }

  private static InterruptLine[] maintenance(DeviceContext context, int cpus) {
    InterruptLine[] lines = new InterruptLine[context.lines().interrupts() == 0 ? 0 : cpus];
    for (int cpu = 0; cpu < lines.length; cpu++) {
      lines[cpu] = context.lines().interrupt(0, cpu);
    }
    return lines;
  }

  private static int lines(DeviceContext context) {
    long lines = context.options().number("lines");
    if (lines == 0) {
      lines = context.node().isCompatible("arm,cortex-a15-gic") ? 288 : 512;
    }
    if (lines < 64 || lines > MOST_LINES || lines % 32 != 0) {
      throw new ModelException(context.instance() + ": option lines: expected a multiple of 32 from 64 to 1024, or 0, got "
          + lines);
    }
    return (int) lines;
  }

  /** Binding arm,gic: cells are type (0 shared, 1 private), number in the type, flags. */
  @Override
  public int input(int[] specifier) {
    return interrupts.specified(specifier);
  }

  @Override
  public void set(int input, int cpu, boolean level) {
    if (interrupts.drive(input, cpu, level)) {
      interfaces.update();
    } else {
      interfaces.update(cpu);
    }
  }

  @Override
  public DeviceState state() {
    return state;
  }

  @Override
  public void reset() {
    state.reset();
    interrupts.reset();
    interfaces.reset();
    lists.reset();
    interfaces.update();
    lists.update();
  }

  @Override
  public void restored() {
    interrupts.derive();
    interfaces.update();
    lists.update();
  }

  @Override
  public void removed() {
    interfaces.silence();
    lists.silence();
  }
}

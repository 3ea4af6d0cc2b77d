// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.gicv3;

import java.util.List;
import java.util.OptionalLong;
import org.xenolith.arm.api.ArmCpu;
import org.xenolith.arm.api.LpiPort;
import org.xenolith.machine.api.AccessRule;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.InterruptInputs;
import org.xenolith.machine.api.InterruptLine;
import org.xenolith.machine.api.MmioHandler;
import org.xenolith.machine.api.ModelException;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.platform.api.InterruptSpecifier;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.ListedRegister;

/**
 * A GICv3 with one Security state, as QEMU's {@code virt} board has it; with LPIs if there is an ITS. The node's
 * {@code reg} holds the distributor and one or more regions of redistributors; the memory-mapped legacy interfaces that may
 * follow are not built. CPUs with EL2 have the virtual interface too; the node's {@code interrupts} then names the
 * maintenance interrupt.
 */
final class Gicv3 implements DeviceModel, InterruptInputs {
  private static final int MOST_CPUS = 512;

  private final DeviceState state = new DeviceState();
  private final InterruptStates interrupts;
  private final CpuInterfaces interfaces;
  private final ListRegisters lists;
  private final LpiPort port;

  Gicv3(DeviceContext context) {
    List<ArmCpu> cpus = ArmCpu.of(context.processors());
    if (cpus.isEmpty() || cpus.size() > MOST_CPUS) {
      throw new ModelException(context.instance() + ": this GICv3 serves 1 to 512 CPUs, the machine has " + cpus.size());
    }
    int lines = lines(context);
    long bits = context.options().number("priority-bits");
    if (bits < 5 || bits > 8) {
      throw new ModelException(context.instance() + ": option priority-bits: expected 5 to 8, got " + bits);
    }
    long[] affinity = cpus.stream().mapToLong(ArmCpu::affinity).toArray();
    Lpis lpis = !hasLpis(context) ? null
        : new Lpis(state, affinity.length, context.memory().dma(), context.faults(), context.events(), context.instance(), this::update);
    interrupts = new InterruptStates(state, affinity, lines, lpis);
    interfaces = new CpuInterfaces(state, interrupts, (int) bits, cpus.toArray(new ArmCpu[0]));
    lists = new ListRegisters(state, cpus.toArray(new ArmCpu[0]), maintenance(context));
    if ((cpus.get(0).systemRegister(IccRegisters.ID_AA64PFR0_EL1) >> 8 & 15) == 0) {
      interfaces.claim(interfaces, state);
    } else {
      interfaces.claim(new GuestRedirection(lists, interfaces, new VirtualCpuInterfaces(lists, interfaces)), state);
      HypervisorControl control = new HypervisorControl(lists);
      cpus.forEach(cpu -> control.claim(cpu, state));
    }
    BankRegisters banks = new BankRegisters(interrupts);
    Distributor distributor = new Distributor(interrupts, banks, context.faults(), interfaces::update);
    context.bus().window(0, AccessRule.UP_TO_WORD, distributor);
    show("GICD", Distributor.registers(), distributor);
    redistributors(context, banks, affinity);
    // Its firmware wakes a CPU's redistributor before what it starts below EL3 executes.
    cpus.forEach(cpu -> cpu.atPowerOn(() -> awake(cpu.index())));
    context.lines().controller(this);
    port = context.port(LpiPort.class);
    port.connect(lpis);
  }

  /** As asked for; if nothing is asked, LPIs are there if something makes them. */
  private static boolean hasLpis(DeviceContext context) {
    String request = context.options().text("lpi");
    return switch (request) {
      case "true" -> true;
      case "false" -> false;
      case "auto" -> context.platform().children(context.node().path()).stream()
          .anyMatch(n -> n.enabled() && n.isCompatible("arm,gic-v3-its"));
      default -> throw new ModelException(context.instance() + ": option lpi: expected true, false or auto, got " + request);
    };
  }

  private void awake(int cpu) {
    interrupts.asleep[cpu] = 0;
    update(cpu);
  }

  private void update(int cpu) {
    interfaces.update(cpu);
  }

  private static InterruptLine[] maintenance(DeviceContext context) {
    InterruptLine[] lines = new InterruptLine[context.lines().interrupts() == 0 ? 0 : context.processors().cpus().size()];
    for (int cpu = 0; cpu < lines.length; cpu++) {
      lines[cpu] = context.lines().interrupt(0, cpu);
    }
    return lines;
  }

  private void redistributors(DeviceContext context, BankRegisters banks, long[] affinity) {
    long stride = context.node().property("redistributor-stride")
        .map(p -> p.length() == 8 ? (p.cell(0) & 0xFFFF_FFFFL) << 32 | p.cell(1) & 0xFFFF_FFFFL : p.cell(0) & 0xFFFF_FFFFL)
        .orElse(Redistributors.FRAMES);
    if (stride < Redistributors.FRAMES || stride % 0x1_0000 != 0) {
      throw new ModelException(context.instance() + ".redistributor-stride: expected a multiple of 0x10000 from 0x20000 on, "
          + "got 0x" + Long.toHexString(stride));
    }
    long regions = context.node().cell("#redistributor-regions", 1);
    int placed = 0;
    for (int region = 1; region <= regions; region++) {
      List<AddressWindow> windows = context.node().windows();
      if (region >= windows.size()) {
        throw new ModelException(context.instance() + ".reg: expected a distributor and " + regions
            + " regions of redistributors, got " + windows.size() + " entries");
      }
      int here = (int) Math.min(windows.get(region).size() / stride, affinity.length - placed);
      Redistributors frames = new Redistributors(interrupts, banks, affinity, placed, here, stride, context.faults(), interfaces::update);
      context.bus().window(region, AccessRule.UP_TO_WORD, frames);
      show("GICR", frames.registers(), frames);
      placed += here;
    }
    if (placed < affinity.length) {
      throw new ModelException(context.instance() + ".reg: the redistributor regions have room for " + placed
          + " CPUs, the machine has " + affinity.length + "; enlarge them or choose fewer CPUs");
    }
  }

  /** Registers of a window that no read acts on. */
  private void show(String window, List<ListedRegister> registers, MmioHandler handler) {
    state.shows(window, registers, register -> {
      int at = register.spec().offset();
      long low = handler.read(at, Integer.BYTES);
      return OptionalLong.of(register.spec().size() == Long.BYTES ? low | handler.read(at + Integer.BYTES, Integer.BYTES) << 32 : low);
    });
  }

  /** As many lines as asked for; if nothing is asked, 256 or what the platform's nodes need. */
  private static int lines(DeviceContext context) {
    long lines = context.options().number("lines");
    if (lines == 0) {
      int used = context.lines().incoming().stream().map(InterruptSpecifier::cells)
          .mapToInt(cells -> cells.length > 1 && cells[0] == 0 && cells[1] < 988 ? cells[1] + 33 : 0).max().orElse(0);
      return Math.max(256, used + 31 & -32);
    }
    if (lines < 64 || lines > 1024 || lines % 32 != 0) {
      throw new ModelException(context.instance() + ": option lines: expected a multiple of 32 from 64 to 1024, or 0, got "
          + lines);
    }
    return (int) lines;
  }

  /** Binding arm,gic-v3: cells are type (0 shared, 1 private), number in the type, flags. */
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
    port.connect(null);
    interfaces.silence();
    lists.silence();
  }
}

// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.Test;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.arm.api.ArmEntry;
import org.xenolith.machine.api.AccessRule;
import org.xenolith.machine.api.Alarm;
import org.xenolith.machine.api.BusAccess;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ExternalAbort;
import org.xenolith.machine.api.MmioHandler;
import org.xenolith.machine.bus.BusPort;
import org.xenolith.machine.control.Machine.RunLimit;
import org.xenolith.machine.offers.ModelOffer;
import org.xenolith.machine.offers.Provider;
import org.xenolith.platform.api.Platform.Timing;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.regs.DeviceState;
import org.xenolith.testkit.BusAccessContract;
import org.xenolith.testkit.FakeNode;

/** A machine tells models who accesses them: CPUs that execute, each by a port for each world. */
class BusAccessTest extends BusAccessContract {
  private static final long OTHER = 0xA000;
  private static final BusAccessContract.Access SECOND = new Access(1, true, true);

  /** What a CPU does next, an instruction each. */
  private final Deque<Runnable> instructions = new ArrayDeque<>();
  private final List<String> told = new ArrayList<>();
  private ToyMachine toy;
  private CoreMachine machine;
  /** What a write to the other device leads to. */
  private LongConsumer written = value -> {};
  private ExternalAbort abort;
  private long answer;

  /** Another device on the bus. */
  private final class Other implements DeviceModel, MmioHandler {
    private final DeviceState state = new DeviceState();
    private final DeviceContext context;
    private final BusAccess access;
    private final Alarm first;
    private final Alarm second;

    Other(DeviceContext context) {
      this.context = context;
      access = context.bus().access();
      first = context.time().alarm("first", () -> context.memory().physical(1).read(OTHER, 4));
      second = context.time().alarm("second", () -> tell("alarm"));
      context.bus().window(0, AccessRule.ANY, this);
    }

    private void tell(String when) {
      told.add(when + " " + access.cpu() + (access.secure() ? " secure" : ""));
    }

    @Override
    public DeviceState state() {
      return state;
    }

    @Override
    public void reset() {
      first.cancel();
      second.cancel();
      tell("reset");
    }

    @Override
    public long read(long offset, int size) {
      tell("read");
      return 0;
    }

    @Override
    public void write(long offset, int size, long value) {
      written.accept(value);
      tell("write");
    }
  }

  @Override
  protected Bus bus(PlatformNode node, DeviceModelFactory factory) {
    PlatformNode host = FakeNode.at("/pcie").cells("msi-map", 0, 6, 0, 0x1_0000).build();
    start(new ToyMachine(2, new Timing(1000, 100), this::step).add(node).add(host), factory, node);
    return new Bus() {
      @Override
      public long read(Access by, long address, int size) {
        execute(by, () -> answer = port(by).read(address, size));
        return answer;
      }

      @Override
      public void write(Access by, long address, int size, long value) {
        execute(by, () -> port(by).write(address, size, value));
      }

      /** As a device sends one when a CPU tells it to. */
      @Override
      public void message(long device, long address, long value) {
        written = data -> machine.hardware().requesters.port(host, (int) device).write(address, 4, data);
        told.clear();
        write(SECOND, OTHER, 4, value);
        assertEquals(List.of("write 1 secure"), told, "who asks when the message has been answered");
      }

      @Override
      public void pass(long nanoseconds) {
        machine.run(new RunLimit(machine.now() + nanoseconds, Long.MAX_VALUE));
      }
    };
  }

  private void start(ToyMachine made, DeviceModelFactory factory, PlatformNode node) {
    toy = made.device("/other@a000", "toy,other", OTHER).model("toy,other", Other::new);
    toy.offers.add(new ModelOffer(() -> factory, Set.copyOf(node.compatible()), Set.of(), Set.of(), Set.of(), Set.of(), 0, new Provider(
        "contract", "1.0.0", 99)));
    machine = toy.build();
    machine.start(new ArmEntry(ToyMachine.RAM, 0));
  }

  private void step(Cpu cpu) {
    Runnable next = instructions.poll();
    if (next != null) {
      next.run();
    }
  }

  /** The CPU's way to one of the two address spaces: a CPU without a Secure state has the non-secure one only. */
  private BusPort port(BusAccessContract.Access by) {
    return new BusPort(machine.hardware().space, machine.hardware().initiator, by.cpu(), by.secure());
  }

  private void execute(BusAccessContract.Access by, Runnable instruction) {
    Cpu cpu = ToyMachine.cpu(machine, by.cpu());
    abort = null;
    instructions.add(() -> {
      int level = cpu.el;
      cpu.el = by.privileged() ? 1 : 0;
      try {
        instruction.run();
      } catch (ExternalAbort e) {
        abort = e;
      } finally {
        cpu.el = level;
      }
    });
    machine.run(new RunLimit(Long.MAX_VALUE, machine.instructions() + 1));
    if (abort != null) {
      throw abort;
    }
  }

  private Other other() {
    toy = new ToyMachine(2, new Timing(1000, 100), this::step).device("/other@a000", "toy,other", OTHER);
    Other[] made = new Other[1];
    toy.model("toy,other", context -> made[0] = new Other(context));
    machine = toy.build();
    machine.start(new ArmEntry(ToyMachine.RAM, 0));
    return made[0];
  }

  /** What stands in for firmware or a hypervisor accesses memory in a CPU's name, in an alarm, too. */
  @Test
  void anAlarmLeavesNothingToTheNext() {
    Other other = other();
    told.clear();
    other.first.at(10);
    other.second.at(10);
    machine.run(new RunLimit(20, Long.MAX_VALUE));
    assertEquals(List.of("read 1", "alarm -1"), told);
  }

  @Test
  void aResetThatAnAccessAskedForIsNobodys() {
    Other other = other();
    told.clear();
    written = value -> other.context.power().reset("asked for");
    machine.onReset(() -> machine.start(new ArmEntry(ToyMachine.RAM, 0)));
    execute(SECOND, () -> port(SECOND).write(OTHER, 4, 0));
    machine.run(new RunLimit(machine.now() + 10_000, Long.MAX_VALUE));
    assertEquals(List.of("write 1 secure", "reset -1"), told);
  }
}

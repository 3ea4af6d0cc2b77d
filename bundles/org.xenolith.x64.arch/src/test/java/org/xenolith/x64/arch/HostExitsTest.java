// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.arch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenolith.machine.api.CpuPort;
import org.xenolith.machine.watch.ExitKind;
import org.xenolith.machine.watch.MachineWatcher;

/** What a host's software is called for is an exit from guest code, and an exception is one: who watches is told both by name. */
class HostExitsTest {
  private final BareCpu machine = new BareCpu();
  private final Core cpu = machine.cpu;
  private final QuietHost host = new QuietHost();
  private final List<String> told = new ArrayList<>();
  private final MachineWatcher watcher = new MachineWatcher() {
    @Override
    public long period() {
      return 1;
    }

    @Override
    public void sample(CpuPort port, long instructions, long nanoseconds, long inExits) {}

    @Override
    public void exitBegins(ExitKind kind, String place, long now) {
      told.add(kind.text() + " " + place);
    }

    @Override
    public void exitEnds(long now) {
      told.add("end");
    }

    @Override
    public void exception(CpuPort port, String what) {
      told.add(what);
    }

    @Override
    public void translated(long instructions, String wayOut) {}
  };

  @BeforeEach
  void start() {
    machine.longMode();
  }

  private void exitsOfAGuest() {
    cpu.host.hypercall();
    cpu.events.takeNoted();
    assertEquals("hypercall", host.exit);
    cpu.cpuid.query(1, 0);
    cpu.ports.out(0x80, 1, 7);
  }

  @Test
  void eachCallOfTheHostIsOne() {
    cpu.host.attach(host);
    cpu.exits.add(watcher);
    exitsOfAGuest();
    assertEquals(List.of("hypervisor VMCALL", "end", "hypervisor CPUID", "end", "hypervisor OUT", "end"), told);
  }

  @Test
  void nobodyIsToldWhoDoesNotWatch() {
    cpu.host.attach(host);
    exitsOfAGuest();
    cpu.exits.add(watcher);
    cpu.exits.remove(watcher);
    exitsOfAGuest();
    assertEquals(List.of(), told);
  }

  @Test
  void exceptionsAreToldByTheirNames() {
    for (int vector : new int[] {ExceptionVector.UD, ExceptionVector.PF, 0x80, 0x31}) {
      machine.ram.write(BareCpu.IDT + vector * 16, 8, 0x5000L | 8L << 16 | 0xEE00L << 32);
    }
    cpu.idtBase = BareCpu.IDT;
    cpu.idtLimit = 0xFFF;
    cpu.r[CpuState.RSP] = 0x7000;
    cpu.exits.add(watcher);
    cpu.fault(ExceptionVector.UD);
    cpu.events.takeNoted();
    cpu.pageFault(0x1234, 0);
    cpu.events.takeNoted();
    cpu.events.software(0x80);
    cpu.events.interrupt(0x31);
    assertEquals(List.of("to CPL 0: #UD", "to CPL 0: #PF", "to CPL 0: INT 0x80", "to CPL 0: interrupt 49"), told);
  }
}

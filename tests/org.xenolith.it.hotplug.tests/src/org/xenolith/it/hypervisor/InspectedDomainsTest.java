// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hypervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.arch.GuestFault;
import org.xenolith.boot.api.GuestImage;
import org.xenolith.boot.api.GuestRequest;
import org.xenolith.boot.api.GuestSource;
import org.xenolith.inspect.api.GuestProcessor;
import org.xenolith.inspect.api.InspectedMachine;
import org.xenolith.inspect.api.InspectedMemory;
import org.xenolith.inspect.api.InspectedProcessor;
import org.xenolith.inspect.api.MachineInspector;
import org.xenolith.inspect.api.Mapping;
import org.xenolith.inspect.api.ProcessorPlace;
import org.xenolith.inspect.api.RegisterDescription;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.machine.api.CpuPort;
import org.xenolith.machine.control.Machine;
import org.xenolith.machine.control.Machine.RunLimit;
import org.xenolith.machine.control.MachineState;
import org.xenolith.testkit.FullLane;
import org.xenolith.testkit.Lane;
import org.xenolith.x64.arch.Core;
import org.xenolith.x64.arch.CpuFault;
import org.xenolith.x64.arch.FlagBits;

/**
 * Kernels under the hypervisor, as Dom0 and as a domain, both architectures: who looks changes nothing, and sees the guest's memory as the CPU translates it, through both sets of tables.
 */
class InspectedDomainsTest {
  private static final long BEGIN = 250_000_000;
  private static final long STEP = 7_000_001;
  private static final int STOPS = 5;
  /** Fewer instructions than any virtual CPU executes when it goes on. */
  private static final int PIECE = 500;
  private static final int ADDRESSES = 100_000;
  /** Bit of an address at which no memory is, but the hypervisor itself, as it is a virtual device's. */
  private static final int EMULATED = 51;
  private static final String PC_UART = "/isa/serial@1,3f8";

  @TempDir
  Path folder;

  @FullLane
  @Test
  void dom0OnArm() throws IOException {
    looks(RequestBuilder.of("virt").cpus(1).memory(512L << 20).guest("debian").append("earlycon").hypervisor(true), HypervisorGuest.UART);
  }

  @FullLane
  @Test
  void dom0OnAPc() throws IOException {
    looks(RequestBuilder.of("pc-pvh").cpus(1).memory(768L << 20).guest("debian-amd64").append("earlycon").hypervisor(true), PC_UART);
  }

  @Test
  void aDomainOnArm() throws IOException {
    looks(RequestBuilder.of("virt").cpus(1).memory(512L << 20).noDom0(true).hypervisor(true).domUs(List.of(domain("debian", ""))),
        HypervisorGuest.UART);
  }

  @Test
  void aDomainOnAPc() throws IOException {
    looks(RequestBuilder.of("pc-pvh").cpus(1).memory(512L << 20).noDom0(true).hypervisor(true).domUs(List.of(domain("debian-amd64-cloud",
        "type = \"pvh\""))), PC_UART);
  }

  private Path domain(String guest, String more) throws IOException {
    GuestImage debian = InstalledProduct.get().services(GuestSource.class).stream().filter(each -> each.name().equals(guest)).findFirst()
        .orElseThrow().obtain(System.out::println, GuestRequest.PLAIN);
    return Files.writeString(folder.resolve("one.cfg"), """
        name = "one"
        kernel = "%s"
        ramdisk = "%s"
        memory = 192
        vcpus = 2
        extra = "console=hvc0"
        %s
        """.formatted(Files.write(folder.resolve("kernel"), debian.kernel()), Files.write(folder.resolve("ramdisk"), debian.initrd()
        .orElseThrow()), more));
  }

  private static void looks(RequestBuilder request, String uart) throws IOException {
    try (HypervisorGuest guest = HypervisorGuest.launch(request.build(), uart)) {
      Machine machine = guest.machine();
      InspectedMachine view = InstalledProduct.get().service(MachineInspector.class).of(machine);
      InspectedProcessor processor = view.processors().getFirst();
      int mapped = 0;
      for (int stop = 0; stop < STOPS; stop++) {
        machine.run(new RunLimit(Long.MAX_VALUE, BEGIN + stop * STEP));
        ProcessorPlace place = processor.place();
        assertNotEquals(0, place.guestTables(), () -> place + ": it is no guest\n" + guest.events());
        assertTrue(processor.memory().walk(place.address()).stream().map(each -> each.table().startsWith("nested") || each.table()
            .startsWith(
                "stage 2")).distinct().count() == 2, "two sets of tables lead to its instruction");
        Random random = new Random(stop);
        String before = machine.digest();
        for (int i = 0; i < ADDRESSES / STOPS; i++) {
          long address = address(processor, random);
          Optional<byte[]> bytes = processor.memory().read(address, 1 + random.nextInt(16));
          processor.memory().walk(address);
          mapped += bytes.isPresent() ? 1 : 0;
        }
        processor.registers().forEach(register -> processor.value(register.name()));
        processor.disassemble(place.address(), 8);
        assertEquals(before, machine.digest());
      }
      assertTrue(mapped > ADDRESSES / 20 && mapped < ADDRESSES, mapped + " were mapped");
      if (!view.guests().orElseThrow().contains("d0")) {
        oneThatWaitsGoesOnWithTheRegistersThatAreSeen(machine, view);
      }
      // It leaves traces, and the machine isn't needed any more.
      compare(machine.processors().getFirst(), processor, Lane.full() ? ADDRESSES : ADDRESSES / 5);
    }
  }

  /** The first instruction that a virtual CPU executes after it has waited changes a register or two, and an interrupt may come before it. */
  private static void oneThatWaitsGoesOnWithTheRegistersThatAreSeen(Machine machine, InspectedMachine view) throws IOException {
    List<GuestProcessor> waiting = view.guestProcessors().stream().filter(each -> each.on().isEmpty() && !each.state().equals("offline"))
        .toList();
    assertEquals(1, waiting.size(), () -> view.guestProcessors().toString());
    GuestProcessor one = waiting.getFirst();
    Map<String, Long> seen = view.registers(one);
    InspectedProcessor processor = view.processors().getFirst();
    List<String> general = processor.registers().stream().filter(each -> each.group().equals("general")).map(RegisterDescription::name)
        .filter(seen::containsKey).toList();
    assertTrue(general.size() >= 16, () -> seen.toString());
    String digest = machine.digest();
    long begin = machine.instructions();
    try (MachineState state = machine.state()) {
      // The first instruction at which it is executed, between one before and one behind.
      long before = 0;
      long behind = PIECE;
      while (!executed(machine, view, one, begin + behind)) {
        before = behind;
        behind += PIECE;
        assertTrue(behind < 10 * STEP, () -> one + " waits for ever");
      }
      while (behind - before > 1) {
        long middle = before + behind >>> 1;
        machine.restore(state);
        boolean executed = executed(machine, view, one, begin + middle);
        before = executed ? before : middle;
        behind = executed ? middle : behind;
      }
      machine.restore(state);
      machine.run(new RunLimit(Long.MAX_VALUE, begin + behind));
      long same = general.stream().filter(name -> processor.value(name)[0] == seen.get(name)).count();
      assertTrue(same >= general.size() - 4, () -> one + ": " + same + " of " + general.size() + " registers of " + seen + " are there at "
          + processor.place());
      machine.restore(state);
    }
    assertEquals(digest, machine.digest());
  }

  private static boolean executed(Machine machine, InspectedMachine view, GuestProcessor one, long instructions) {
    machine.run(new RunLimit(Long.MAX_VALUE, instructions));
    return view.guestProcessors().stream().anyMatch(each -> each.number() == one.number() && each.guest().equals(one.guest()) && each.on()
        .isPresent());
  }

  /** Near what the guest uses, or anywhere. */
  private static long address(InspectedProcessor processor, Random random) {
    long stack = processor.value(processor.instructions().equals("a64") ? "SP" : "RSP")[0];
    long near = random.nextBoolean() ? stack : processor.place().address();
    return switch (random.nextInt(4)) {
      case 0, 1 -> near + random.nextInt(1 << 24) - (1 << 23);
      case 2 -> near + random.nextInt(1 << 30) - (1 << 29);
      default -> random.nextLong() << 16 >> 16;
    };
  }

  private static void compare(CpuPort cpu, InspectedProcessor processor, int addresses) {
    Random random = new Random(7);
    int mapped = 0;
    for (int i = 0; i < addresses; i++) {
      long address = address(processor, random);
      InspectedMemory memory = processor.memory();
      OptionalLong seen = allowed(memory, address) ? memory.physical(address) : OptionalLong.empty();
      assertEquals(load(cpu, address), seen, () -> "0x" + Long.toHexString(address) + ": " + memory.walk(address));
      mapped += seen.isPresent() ? 1 : 0;
    }
    System.out.println(addresses + " addresses, " + mapped + " mapped");
  }

  private static boolean allowed(InspectedMemory memory, long address) {
    Optional<Mapping> found = memory.translate(address);
    if (found.isEmpty() || !found.get().read()) {
      return false;
    }
    InspectedMemory below = memory.below().orElseThrow();
    return below.below().isEmpty() || allowed(below, found.get().address());
  }

  /** Where a load goes, executed now by a kernel that may read what its programs have; empty if it faults. */
  private static OptionalLong load(CpuPort port, long address) {
    if (port instanceof Cpu cpu) {
      cpu.mmu.invalidateAll(1);
      cpu.registers.setPan(0);
      try {
        return OptionalLong.of(cpu.mmu.data(address, false, cpu.el == 0).physical(address));
      } catch (GuestFault fault) {
        return OptionalLong.empty();
      }
    }
    Core cpu = (Core) port;
    cpu.mmu.invalidate(2, 0, 0);
    cpu.host.nestedChanged();
    cpu.setFlags(FlagBits.AC, FlagBits.AC);
    try {
      long physical = cpu.mmu.physical(address, false);
      return physical >>> EMULATED == 0 ? OptionalLong.of(physical) : OptionalLong.empty();
    } catch (CpuFault fault) {
      return OptionalLong.empty();
    }
  }
}

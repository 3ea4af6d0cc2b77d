// SPDX-License-Identifier: EPL-2.0
package org.xenolith.inspect.x64;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.xenolith.a64.arch.CpuConfig;
import org.xenolith.inspect.api.InspectedProcessor;
import org.xenolith.inspect.api.Privilege;
import org.xenolith.inspect.api.ProcessorPlace;
import org.xenolith.inspect.api.RegisterDescription;
import org.xenolith.machine.kit.CpuView;
import org.xenolith.regs.FieldText;
import org.xenolith.regs.RegisterField;
import org.xenolith.regs.RegisterWords;
import org.xenolith.testkit.a64.BareMachine;
import org.xenolith.testkit.inspect.BusMemory;
import org.xenolith.testkit.inspect.InspectedProcessorContract;
import org.xenolith.testkit.x64.X64TestHost;
import org.xenolith.testkit.x64.X64TestMachine;
import org.xenolith.x64.api.Cpu;
import org.xenolith.x64.arch.ControlBits;
import org.xenolith.x64.arch.Core;
import org.xenolith.x64.arch.CpuFault;
import org.xenolith.x64.arch.CpuState;
import org.xenolith.x64.arch.Msr;

/** A processor with paging structures of several kinds that lead anywhere, with and without nested ones below. */
class X64ProcessorTest extends InspectedProcessorContract {
  /** Pages of structures, of which the first entries are used. */
  private static final int TABLES = 8;
  private static final int ENTRIES = 8;
  private static final int PAGES = 16;
  private static final long NO_EXECUTE = 1L << 63;

  private final X64TestMachine machine = new X64TestMachine(core -> null);
  private final Core cpu = machine.cpu;
  private final InspectedProcessor processor = new X64Inspector().inspect(cpu, new BusMemory(machine)).orElseThrow();
  private final X64TestHost host;

  X64ProcessorTest() {
    machine.user();
    host = new X64TestHost(machine, () -> {});
    cpu.host.detach();
  }

  @Override
  protected InspectedProcessor processor() {
    return processor;
  }

  @Override
  protected String state() {
    byte[] bytes = new byte[machine.low.size];
    machine.low.read(0, bytes, 0, bytes.length);
    byte[] hosts = new byte[machine.hosts.size];
    machine.hosts.read(0, hosts, 0, hosts.length);
    return cpu.state().save() + " " + Arrays.hashCode(bytes) + " " + Arrays.hashCode(hosts);
  }

  @Override
  protected void change(Random random) {
    boolean wide = random.nextInt(3) != 0;
    int size = wide ? 8 : 4;
    for (int i = 0; i < TABLES * ENTRIES; i++) {
      long to = random.nextInt(5) == 0 ? random.nextInt(PAGES) << 12 : 0x1000 + (random.nextInt(TABLES) << 12);
      int kind = random.nextInt(10) == 0 ? random.nextInt(8) : 7;
      long large = random.nextInt(40) == 0 ? 1 << 7 : 0;
      long never = wide && random.nextInt(4) == 0 ? NO_EXECUTE : 0;
      machine.low.write(0x1000 + i / ENTRIES * 4096 + i % ENTRIES * size, size, to | never | large | kind);
    }
    nested(random);
    cpu.cr0 = ControlBits.PE | ControlBits.NE | ControlBits.ET | (random.nextBoolean() ? ControlBits.WP : 0) | (random.nextInt(8) == 0
        && !wide
            ? 0 : ControlBits.PG);
    cpu.cr3 = 0x1000 + (random.nextInt(TABLES) << 12);
    cpu.cr4 = wide ? ControlBits.PAE | (random.nextBoolean() ? ControlBits.SMEP : 0) : ControlBits.PSE;
    cpu.efer = wide ? ControlBits.LME | ControlBits.LMA | ControlBits.NXE : 0;
    cpu.cpl = random.nextBoolean() ? 3 : 0;
    cpu.segments.set(CpuState.CS, 0x33, 0, 0xFFFF_FFFFL, wide ? 0xA0FB : 0xC0FB);
    cpu.pc = 0;
    if (random.nextBoolean()) {
      cpu.host.attach(host);
    } else {
      cpu.host.detach();
    }
    cpu.host.nestedRoot(machine.hosts.base);
    cpu.restored();
  }

  /**
   * Nested structures lead from the low pages to the low pages, but for some. Where they can be read they can be written: a load that sets an accessed flag is a store to
   * the guest's structures, which a look isn't.
   */
  private void nested(Random random) {
    int[] absent = {0, 6, 3};
    long root = machine.hosts.base;
    for (int table = 0; table < 3; table++) {
      machine.hosts.write(table * 4096, 8, root + (table + 1) * 4096L | 7);
    }
    for (int i = 0; i < PAGES; i++) {
      long to = random.nextInt(8) == 0 ? random.nextInt(PAGES) << 12 : i << 12;
      machine.hosts.write(3 * 4096 + i * 8, 8, to | (random.nextInt(16) == 0 ? absent[random.nextInt(3)] : 7));
    }
  }

  @Override
  protected long address(Random random) {
    boolean wide = (cpu.cr4 & ControlBits.PAE) != 0;
    long address = random.nextInt(4096);
    for (int level = 0; level < (wide ? 4 : 2); level++) {
      address |= (long) random.nextInt(ENTRIES) << 12 + (wide ? 9 : 10) * level;
    }
    if ((cpu.cr0 & ControlBits.PG) == 0) {
      return address & 0xFFFF;
    }
    return random.nextInt(50) == 0 && wide ? address | 1L << 60 : address;
  }

  @Override
  protected OptionalLong load(long address) {
    cpu.mmu.invalidate(2, 0, 0);
    cpu.host.nestedChanged();
    try {
      return OptionalLong.of(cpu.mmu.physical(address, false));
    } catch (CpuFault fault) {
      return OptionalLong.empty();
    }
  }

  @Override
  protected Set<String> plain() {
    Set<String> names = new HashSet<>(Set.of("RAX", "RCX", "RDX", "RBX", "RSP", "RBP", "RSI", "RDI", "CR2", "IA32_STAR",
        "IA32_MTRR_FIX4K_C0000"));
    for (int i = 0; i < 16; i++) {
      names.add("XMM" + i);
      if (i >= 8) {
        names.add("R" + i);
      }
    }
    return names;
  }

  @Test
  void whatTheProcessorRefusesToSoftwareIsRefusedWithASentence() {
    machine.user();
    String before = state();
    for (String name : List.of("CR0", "CR4", "IA32_LSTAR", "IA32_EFER", "XCR0", "IA32_PLATFORM_ID")) {
      IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, () -> processor.set(name, 0x1234_5678_9ABC_DEF0L),
          name);
      assertEquals("cpu 0: " + name + " can't become 0x123456789abcdef0: the processor refuses it to software, too", refused.getMessage());
    }
    assertEquals("cpu 0: RIP can't become 0x1000000000000000: no address that code can have in this mode", assertThrows(
        IllegalArgumentException.class, () -> processor.set("RIP", 1L << 60)).getMessage());
    assertEquals("cpu 0: CS_BASE can only be read", assertThrows(IllegalArgumentException.class, () -> processor.set("CS_BASE", 1))
        .getMessage());
    assertEquals(before, state());
    processor.set("RFLAGS", processor.value("RFLAGS")[0] ^ 0x8D5);
    assertEquals(0x8D5, processor.value("RFLAGS")[0] & 0x8D5);
    assertThrows(IllegalArgumentException.class, () -> processor.set("RFLAGS", 1 << 17));
  }

  @Override
  protected Set<String> readable() {
    cpu.host.detach();
    cpu.cpl = 0;
    Set<String> names = new HashSet<>();
    // Architectural ones, a hypervisor's by convention and by Microsoft's, AMD's, and KVM's.
    for (int base : new int[] {0, 0x4000_0000, 0xC000_0000, 0xC001_0000, 0x4B56_4D00}) {
      for (int i = 0; i < 0x2000; i++) {
        int number = base + i;
        try {
          cpu.msrs.read(number);
          names.add(Arrays.stream(Msr.values()).filter(each -> each.number == number).map(Msr::name).findFirst().orElse("0x" + Integer
              .toHexString(number)));
        } catch (CpuFault none) {
          // It is none.
        }
      }
    }
    return names;
  }

  /** The search finds one that no table has. */
  @Test
  void aRegisterThatTheTableLacksIsFound() {
    CpuView view = cpu.view(new PlantedDevice());
    view.as(Cpu.class).claim(new PlantedDevice(), 0x1FFF, 0x4B56_4D01);
    view.commit();
    assertTrue(readable().containsAll(Set.of("0x1fff", "0x4b564d01")));
    assertTrue(assertThrows(AssertionError.class, this::whatSoftwareCanReadIsARegister).getMessage().contains("0x4b564d01"));
  }

  @Test
  void theTextsKnowNoRegisterThatTheTablesLack() {
    assertEquals(Set.of(), FieldText.beside(Msr.class).unknown(Arrays.stream(Msr.values()).map(Msr::name).toList()));
    assertEquals(Set.of(), FieldText.beside(X64Registers.class).unknown(processor.registers().stream().map(RegisterDescription::name)
        .toList()));
    for (Msr each : Msr.values()) {
      assertNotEquals(RegisterWords.UNSAID, FieldText.beside(Msr.class).of(each.name()), each.name());
    }
  }

  @Test
  void fieldsHaveTheManualsNames() {
    RegisterDescription flags = processor.registers().stream().filter(each -> each.name().equals("RFLAGS")).findFirst().orElseThrow();
    assertEquals(new RegisterField("IOPL", 12, 2, "lowest privilege that reaches ports"), flags.fields().get(9));
    assertEquals("Flags register", flags.title());
  }

  @Test
  void placeIsWhoseCodeItIs() {
    machine.user();
    cpu.pc = X64TestMachine.CODE + 5;
    assertEquals(new ProcessorPlace(X64TestMachine.CODE + 5, Privilege.USER, "CPL 3", "CR3 0x1000", 0, -1), processor.place());
    assertEquals("linear, CPL 3", processor.memory().name());
    cpu.host.attach(host);
    cpu.host.nestedRoot(machine.hosts.base);
    assertEquals(machine.hosts.base, processor.place().guestTables());
    cpu.host.detach();
    cpu.cpl = 0;
    assertEquals(Privilege.KERNEL, processor.place().privilege());
    assertEquals(List.of("linear, CPL 3", "linear", "guest physical", "physical"), processor.memories().stream().map(each -> each.name())
        .toList());
  }

  @Test
  void anAddressInASegmentIsALinearOne() {
    machine.user();
    cpu.efer = 0;
    cpu.cr0 = 0;
    cpu.segments.set(CpuState.CS, 0x1000, 0x1_0000, 0xFFFF, 0x9B);
    cpu.pc = 0x123;
    cpu.restored();
    assertEquals(0x1_0123, processor.place().address());
  }

  @Test
  void registersHaveTheirValues() {
    machine.user();
    cpu.r[11] = -2;
    cpu.xmm[2 * 9] = 11;
    cpu.xmm[2 * 9 + 1] = 22;
    cpu.top = 3;
    cpu.significand[3] = 1L << 63;
    cpu.exponent[3] = 0x3FFF;
    cpu.lstar = 0x55;
    assertEquals(-2, processor.value("R11")[0]);
    assertEquals(List.of(11L, 22L), List.of(processor.value("XMM9")[0], processor.value("XMM9")[1]));
    assertEquals(List.of(1L << 63, 0x3FFFL), List.of(processor.value("ST0")[0], processor.value("ST0")[1]));
    assertEquals(3 << 11, processor.value("FSW")[0] & 7 << 11);
    assertEquals(0x55, processor.value("IA32_LSTAR")[0]);
    assertEquals(cpu.cr4, processor.value("CR4")[0]);
    assertEquals(0x33, processor.value("CS")[0]);
  }

  @Test
  void instructionsAreTextsOfWhatIsThere() {
    machine.user();
    machine.code.write(0, 8, 0xC3_0000_0001_B890L);
    assertEquals(List.of("nop", "mov eax,0x1", "ret"), processor.disassemble(X64TestMachine.CODE, 3).stream().map(each -> each.text())
        .toList());
    assertEquals(1, processor.disassemble(X64TestMachine.CODE + 4095, 5).size(), "behind that is nothing");
  }

  @Test
  void aProcessorOfAnotherArchitectureIsNotLookedInto() {
    BareMachine other = new BareMachine();
    assertTrue(new X64Inspector().inspect(other.add(CpuConfig.cortexA57(0)), new BusMemory(machine)).isEmpty());
  }
}

// SPDX-License-Identifier: EPL-2.0
package org.xenolith.inspect.a64;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.arch.CpuConfig;
import org.xenolith.a64.arch.GuestFault;
import org.xenolith.a64.arch.SysReg;
import org.xenolith.a64.isa.SystemRegisterName;
import org.xenolith.inspect.api.InspectedProcessor;
import org.xenolith.inspect.api.Privilege;
import org.xenolith.inspect.api.ProcessorPlace;
import org.xenolith.inspect.api.RegisterDescription;
import org.xenolith.machine.kit.Ram;
import org.xenolith.regs.FieldText;
import org.xenolith.regs.RegisterField;
import org.xenolith.regs.RegisterWords;
import org.xenolith.testkit.a64.BareMachine;
import org.xenolith.testkit.inspect.BusMemory;
import org.xenolith.testkit.inspect.InspectedProcessorContract;
import org.xenolith.testkit.x64.X64TestMachine;

/** A Cortex-A57 with EL2, with tables of both stages that lead anywhere. */
class A64ProcessorTest extends InspectedProcessorContract {
  private static final long RAM = 0x4000_0000L;
  private static final int SIZE = 1 << 20;
  /** Pages of tables of stage 1, of which the first entries are used. */
  private static final int TABLES = 16;
  private static final int ENTRIES = 8;
  private static final long GUEST_TABLES = RAM + 0x4_0000;
  private static final long SCTLR = 0x30D0_0801L;
  /** Of 39 bits in both halves, granules of 4 KiB, physical addresses of 40 bits. */
  private static final long TCR = 25 | 25L << 16 | 2L << 30 | 2L << 32 | 1L << 36;
  private static final long STAGE_2 = 1;
  private static final long AARCH64 = 1L << 31;
  private static final long NAME = 0xFFFF_FFFFL;

  private final Ram ram = new Ram(RAM, SIZE);
  private final BareMachine machine = new BareMachine(ram);
  private final Cpu cpu = machine.add(CpuConfig.cortexA57(0).withLevels(true, false));
  private final InspectedProcessor processor = new A64Inspector().inspect(cpu, new BusMemory(machine)).orElseThrow();

  A64ProcessorTest() {
    cpu.powerOn(RAM, 0);
    cpu.begin(0);
    cpu.end();
  }

  @Override
  protected InspectedProcessor processor() {
    return processor;
  }

  @Override
  protected String state() {
    byte[] bytes = new byte[SIZE];
    ram.read(0, bytes, 0, SIZE);
    return cpu.state().save() + " " + Arrays.hashCode(bytes);
  }

  private void set(SysReg register, long value) {
    cpu.sys[register.ordinal()] = value;
  }

  @Override
  protected void change(Random random) {
    for (int i = 0; i < TABLES * ENTRIES; i++) {
      long to = RAM + (random.nextInt(5) == 0 ? random.nextInt(SIZE) & -4096 : random.nextInt(TABLES) << 12);
      int kind = random.nextInt(8) == 0 ? random.nextInt(4) : 3;
      long rights = random.nextLong() & (3L << 53 | 0x9C0) | (random.nextInt(12) == 0 ? 0 : 1 << 10);
      ram.write(i / ENTRIES * 4096 + i % ENTRIES * 8, 8, to | rights | kind);
    }
    // Stage 2 leads from the addresses of RAM to RAM, but for some pages.
    ram.write(0x4_0000 + 8, 8, GUEST_TABLES + 0x1000 | 3);
    ram.write(0x4_1000, 8, GUEST_TABLES + 0x2000 | 3);
    for (int i = 0; i < SIZE >> 12; i++) {
      long to = random.nextInt(8) == 0 ? RAM + (random.nextInt(SIZE) & -4096) : RAM + i * 4096L;
      long rights = random.nextInt(20) == 0 ? random.nextInt(4) << 6 : 3 << 6;
      ram.write(0x4_2000 + i * 8, 8, random.nextInt(20) == 0 ? 0 : to | rights | 1 << 10 | 0x3F);
    }
    set(SysReg.TTBR0_EL1, RAM + (random.nextInt(TABLES) << 12) | 5L << 48);
    set(SysReg.TTBR1_EL1, RAM + (random.nextInt(TABLES) << 12));
    set(SysReg.TTBR0_EL2, RAM + (random.nextInt(TABLES) << 12));
    set(SysReg.TCR_EL1, TCR);
    set(SysReg.TCR_EL2, 25 | 2L << 16 | 0x8080_0000L);
    set(SysReg.SCTLR_EL1, random.nextInt(10) == 0 ? SCTLR & ~1 : SCTLR);
    set(SysReg.SCTLR_EL2, 0x30C5_0831L);
    set(SysReg.VTTBR_EL2, GUEST_TABLES | 3L << 48);
    set(SysReg.VTCR_EL2, 25 | 1 << 6 | 2 << 16 | AARCH64);
    set(SysReg.HCR_EL2, AARCH64 | (random.nextBoolean() ? STAGE_2 : 0));
    cpu.el = random.nextInt(3);
    cpu.spsel = cpu.el == 0 ? 0 : 1;
    cpu.pc = RAM;
    cpu.restored();
  }

  @Override
  protected long address(Random random) {
    long address = random.nextLong() & 0xFFF;
    for (int level = 1; level <= 3; level++) {
      address |= (long) random.nextInt(ENTRIES) << 12 + 9 * (3 - level);
    }
    boolean high = cpu.el < 2 && random.nextBoolean();
    boolean flat = cpu.el < 2 && (cpu.sys[SysReg.SCTLR_EL1.ordinal()] & 1) == 0;
    return flat ? RAM + (address & SIZE - 1) : high ? address | -1L << 39 : address;
  }

  @Override
  protected OptionalLong load(long address) {
    for (int regime = 1; regime <= 2; regime++) {
      cpu.mmu.invalidateAll(regime);
    }
    try {
      return OptionalLong.of(cpu.mmu.data(address, false, cpu.el == 0).physical(address));
    } catch (GuestFault fault) {
      return OptionalLong.empty();
    }
  }

  @Override
  protected Set<String> plain() {
    Set<String> names = new HashSet<>(Set.of("TPIDR_EL0", "TPIDR_EL1", "TPIDR_EL2", "ELR_EL1", "FAR_EL1", "MAIR_EL1"));
    for (int i = 0; i < 31; i++) {
      names.add("X" + i);
      names.add("V" + i);
    }
    names.add("V31");
    names.add("PC");
    return names;
  }

  @Test
  void theFlagsAreSetAndTheLevelIsNot() {
    change(new Random(1));
    long before = processor.value("PSTATE")[0];
    processor.set("PSTATE", before ^ 0xF000_03C0L);
    assertEquals(before ^ 0xF000_03C0L, processor.value("PSTATE")[0]);
    IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, () -> processor.set("PSTATE", before ^ 4));
    assertTrue(refused.getMessage().contains("change the level by an exception or its return"), refused.getMessage());
    assertEquals("cpu 0: CURRENTEL can only be read", assertThrows(IllegalArgumentException.class, () -> processor.set("CURRENTEL", 8))
        .getMessage());
  }

  /** What follows from a system register follows: translation is that of the new tables. */
  @Test
  void aSystemRegisterIsSetWithWhatFollows() {
    for (int seed = 0; seed < 20; seed++) {
      Random random = new Random(seed);
      change(random);
      cpu.el = 1;
      cpu.restored();
      long address = address(random);
      load(address);
      processor.set("TTBR0_EL1", RAM + (random.nextInt(TABLES) << 12));
      processor.set("SCTLR_EL1", SCTLR);
      OptionalLong seen = processor.memory().translate(address).filter(found -> found.read()).isPresent() ? processor.memory().physical(
          address)
          : OptionalLong.empty();
      OptionalLong loaded = load(address);
      assertTrue(loaded.isEmpty() || loaded.equals(seen), () -> loaded + ", " + seen);
    }
  }

  @Override
  protected Set<String> readable() {
    cpu.el = 2;
    cpu.spsel = 1;
    cpu.restored();
    Set<String> names = new HashSet<>();
    for (int id = 0; id < 1 << 16; id++) {
      try {
        cpu.registers.read(id, 0);
        SysReg known = SysReg.of(id);
        String name = known != null ? known.name() : SystemRegisterName.of(id).toUpperCase(Locale.ROOT);
        // The reserved places in the block of identification registers read zero, and have no name.
        if (!name.startsWith("S3_0_C0_")) {
          names.add(name);
        }
      } catch (GuestFault undefined) {
        // It is none.
      }
    }
    return names;
  }

  /** Whatever the processor has: the table says what can be written. */
  @Test
  void everyBitThatSoftwareWritesBelongsToAField() {
    for (SysReg register : SysReg.values()) {
      RegisterWords words = FieldText.beside(SysReg.class).of(register.name());
      assertNotEquals(RegisterWords.UNSAID, words, () -> register + " isn't in SysReg.fields");
      assertEquals(0, register.mask & ~words.named(), () -> register + ": bits 0x" + Long.toHexString(register.mask & ~words.named())
          + " can be written to, and SysReg.fields has no field that they belong to");
    }
  }

  @Test
  void theTextsKnowNoRegisterThatTheTablesLack() {
    assertEquals(Set.of(), FieldText.beside(SysReg.class).unknown(Stream.of(SysReg.values()).map(SysReg::name).toList()));
    BareMachine other = new BareMachine(ram);
    InspectedProcessor full = new A64Inspector().inspect(other.add(CpuConfig.cortexA57(0).withLevels(true, true)), new BusMemory(other))
        .orElseThrow();
    assertEquals(Set.of(), FieldText.beside(A64Registers.class).unknown(full.registers().stream().map(RegisterDescription::name).toList()));
  }

  @Test
  void fieldsHaveTheManualsNames() {
    RegisterDescription control = processor.registers().stream().filter(each -> each.name().equals("SCTLR_EL2")).findFirst().orElseThrow();
    assertEquals("System Control Register (EL2)", control.title());
    assertEquals(new RegisterField("M", 0, 1, "translation of this level is on"), control.fields().getFirst());
  }

  @Test
  void placeIsWhoseCodeItIs() {
    change(new Random(1));
    set(SysReg.HCR_EL2, AARCH64 | STAGE_2);
    cpu.el = 0;
    cpu.pc = 0x1234_5678L;
    cpu.restored();
    assertEquals(new ProcessorPlace(0x1234_5678L, Privilege.USER, "EL0", "ASID 5", GUEST_TABLES | 3L << 48, 3), processor.place());
    cpu.el = 2;
    cpu.restored();
    assertEquals(new ProcessorPlace(0x1234_5678L, Privilege.HYPERVISOR, "EL2", "", 0, -1), processor.place());
    assertEquals("EL2", processor.memory().name());
    assertEquals(List.of("EL0", "EL1", "EL2", "intermediate physical", "physical"), processor.memories().stream().map(each -> each.name())
        .toList());
  }

  @Test
  void registersHaveTheirValues() {
    cpu.x[7] = -2;
    cpu.v[2 * 9] = 11;
    cpu.v[2 * 9 + 1] = 22;
    set(SysReg.TPIDR_EL1, 0x77);
    cpu.el = 1;
    cpu.spsel = 0;
    cpu.restored();
    cpu.x[Cpu.SP] = 0x1000;
    assertEquals(-2, processor.value("X7")[0]);
    assertEquals(List.of(11L, 22L), List.of(processor.value("V9")[0], processor.value("V9")[1]));
    assertEquals(0x77, processor.value("TPIDR_EL1")[0]);
    assertEquals(0x1000, processor.value("SP")[0]);
    assertEquals(0x1000, processor.value("SP_EL0")[0]);
    assertEquals(4, processor.value("PSTATE")[0] & 0xF);
    assertEquals(cpu.config.midr() & NAME, processor.value("MIDR_EL1")[0]);
    assertTrue(processor.registers().stream().noneMatch(each -> each.name().endsWith("_EL3")), "this one has no EL3");
  }

  @Test
  void instructionsAreTextsOfWhatIsThere() {
    set(SysReg.SCTLR_EL1, SCTLR & ~1);
    set(SysReg.HCR_EL2, AARCH64);
    cpu.el = 1;
    cpu.pc = RAM;
    cpu.restored();
    ram.write(0, 4, 0xD503_201F);
    ram.write(4, 4, 0x9400_0002);
    assertEquals(List.of("hint #0x0", "bl 0x4000000c"), processor.disassemble(RAM, 2).stream().map(each -> each.text()).toList());
    assertEquals(1, processor.disassemble(RAM + SIZE - 4, 5).size(), "behind that is nothing");
  }

  @Test
  void aProcessorOfAnotherArchitectureIsNotLookedInto() {
    assertTrue(new A64Inspector().inspect(new X64TestMachine(core -> null).cpu, new BusMemory(machine)).isEmpty());
  }
}

// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.arch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.xenolith.a64.arch.FlatMachine.msr;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.regs.StateRecord;

/** Debug registers: what they keep, who may access them, and which levels a breakpoint's or watchpoint's setting names. */
class DebugRegistersTest {
  private static final long TDE = 1 << 8;
  private static final long TDA = 1 << 9;
  private static final long TDOSA = 1 << 10;
  private static final long TDRA = 1 << 11;
  private static final CpuConfig ALL = CpuConfig.cortexA57(0).withLevels(true, true);

  private static Cpu cpu(CpuConfig config) {
    Cpu cpu = new FlatMachine().cpu(config);
    cpu.enter(1, 1);
    return cpu;
  }

  private static void set(Cpu cpu, SysReg reg, long value) {
    cpu.sys[reg.ordinal()] = value;
    cpu.controlsChanged();
  }

  private static long get(Cpu cpu, SysReg reg) {
    return cpu.registers.read(reg.id, 0);
  }

  /** The exception level that reading a register at a level ends at; the level itself if it reads. */
  private static int reading(Cpu cpu, SysReg reg, int level) {
    cpu.enter(level, level == 0 ? 0 : 1);
    try {
      cpu.registers.read(reg.id, 0);
      return level;
    } catch (GuestFault fault) {
      cpu.exceptions.takeNoted();
      return cpu.el;
    }
  }

  // ---- Values

  @Test
  void externalDebuggersBitsAreKeptWhileTheOsLockIsLocked() {
    Cpu cpu = cpu(CpuConfig.cortexA57(0));
    assertEquals(0xA, get(cpu, SysReg.OSLSR_EL1), "locked at reset");
    msr(cpu, SysReg.MDSCR_EL1, -1);
    assertEquals(0x6CE0_F041L, get(cpu, SysReg.MDSCR_EL1));
    msr(cpu, SysReg.OSLAR_EL1, 0);
    assertEquals(8, get(cpu, SysReg.OSLSR_EL1));
    msr(cpu, SysReg.MDSCR_EL1, 0);
    assertEquals(0x6CE0_4040L, get(cpu, SysReg.MDSCR_EL1));
    msr(cpu, SysReg.MDSCR_EL1, 1 << 15 | 1);
    assertEquals(0x6CE0_C041L, get(cpu, SysReg.MDSCR_EL1));
  }

  @Test
  void claimTagsAreSetAndCleared() {
    Cpu cpu = cpu(CpuConfig.cortexA57(0));
    msr(cpu, SysReg.DBGCLAIMSET_EL1, 0x15A);
    assertEquals(0x5A, get(cpu, SysReg.DBGCLAIMCLR_EL1));
    msr(cpu, SysReg.DBGCLAIMCLR_EL1, 0xF);
    assertEquals(0x50, get(cpu, SysReg.DBGCLAIMCLR_EL1));
    assertEquals(0xFF, get(cpu, SysReg.DBGCLAIMSET_EL1));
  }

  @Test
  void nobodyReadsTheCommunicationsChannel() {
    Cpu cpu = cpu(CpuConfig.cortexA57(0));
    cpu.enter(0, 0);
    msr(cpu, SysReg.DBGDTR_EL0, 5);
    msr(cpu, SysReg.DBGDTRRX_EL0, 5);
    assertEquals(0, get(cpu, SysReg.MDCCSR_EL0));
    assertEquals(0, get(cpu, SysReg.DBGDTRRX_EL0));
    cpu.enter(1, 1);
    msr(cpu, SysReg.MDSCR_EL1, 1 << 12);
    assertEquals(1, reading(cpu, SysReg.MDCCSR_EL0, 0), "TDCC");
  }

  @Test
  void identificationSaysWhatThereIs() {
    Cpu cpu = cpu(CpuConfig.cortexA57(0));
    assertEquals(0x1030_5006L, cpu.systemRegister(0xC028), "8.0, 6 breakpoints, 4 watchpoints, 2 compare contexts");
  }

  @Test
  void allOfItIsStateAndComesBackArmed() {
    Cpu cpu = cpu(CpuConfig.cortexA57(0));
    msr(cpu, SysReg.OSLAR_EL1, 0);
    msr(cpu, SysReg.MDSCR_EL1, 1 << 15 | 1 << 13 | 1);
    cpu.daif = 0;
    cpu.softwareStep = 1;
    cpu.contextChanged();
    cpu.debug.begin();
    cpu.debug.executed(true, true);
    StateRecord record = cpu.state().save();
    Cpu other = new FlatMachine().cpu();
    assertEquals(false, other.debug.armed());
    other.state().restore(record);
    other.restored();
    assertEquals(true, other.debug.armed());
    assertEquals(record, other.state().save());
    assertEquals(true, other.debug.takeStep());
    assertEquals(0xCF00_0062L, other.sys(SysReg.ESR_EL1), "a load-exclusive was stepped before the snapshot");
  }

  // ---- Traps

  @Test
  void hypervisorTrapsThemByKind() {
    SysReg[] kinds = {SysReg.MDSCR_EL1, SysReg.OSLSR_EL1, SysReg.MDRAR_EL1};
    long[] bits = {TDA, TDOSA, TDRA};
    for (int kind = 0; kind < 3; kind++) {
      for (int bit = 0; bit < 3; bit++) {
        Cpu cpu = cpu(CpuConfig.cortexA57(0).withLevels(true, false));
        set(cpu, SysReg.MDCR_EL2, bits[bit]);
        assertEquals(kind == bit ? 2 : 1, reading(cpu, kinds[kind], 1), kinds[kind] + " by bit " + bit);
        assertEquals(2, reading(cpu, kinds[kind], 2));
      }
      for (boolean general : new boolean[] {false, true}) {
        Cpu cpu = cpu(CpuConfig.cortexA57(0).withLevels(true, false));
        set(cpu, general ? SysReg.HCR_EL2 : SysReg.MDCR_EL2, general ? Hcr.RW | Hcr.TGE : TDE);
        assertEquals(2, reading(cpu, kinds[kind], 1), "as if all were set");
      }
    }
    Cpu cpu = cpu(CpuConfig.cortexA57(0).withLevels(true, false));
    set(cpu, SysReg.MDCR_EL2, TDA);
    assertEquals(2, reading(cpu, SysReg.MDCCSR_EL0, 0));
  }

  @Test
  void monitorTrapsThemToo() {
    Cpu cpu = cpu(ALL);
    set(cpu, SysReg.MDCR_EL3, TDA);
    assertEquals(3, reading(cpu, SysReg.DBGBVR0_EL1, 1));
    assertEquals(3, reading(cpu, SysReg.MDCR_EL2, 2));
    assertEquals(3, reading(cpu, SysReg.MDSCR_EL1, 3));
    assertEquals(1, reading(cpu, SysReg.OSLSR_EL1, 1));
    set(cpu, SysReg.MDCR_EL3, TDOSA);
    assertEquals(3, reading(cpu, SysReg.OSLSR_EL1, 2));
    assertEquals(2, reading(cpu, SysReg.DBGBVR0_EL1, 2));
  }

  @Test
  void whatIsOnlyReadOrOnlyWrittenIsUndefinedAndNotTrapped() {
    Cpu cpu = cpu(CpuConfig.cortexA57(0).withLevels(true, false));
    set(cpu, SysReg.MDCR_EL2, TDA | TDOSA | TDRA);
    for (SysReg reg : new SysReg[] {SysReg.MDRAR_EL1, SysReg.OSLSR_EL1, SysReg.DBGAUTHSTATUS_EL1}) {
      cpu.enter(1, 1);
      assertThrows(GuestFault.class, () -> msr(cpu, reg, 0));
      cpu.exceptions.takeNoted();
      assertEquals(1, cpu.el, reg.name());
    }
    assertEquals(1, reading(cpu, SysReg.OSLAR_EL1, 1));
    assertEquals(0x0200_0000L, cpu.sys(SysReg.ESR_EL1));
  }

  @Test
  void breakInstructionGoesWhereDebugExceptionsGo() {
    Cpu cpu = cpu(ALL);
    set(cpu, SysReg.MDCR_EL2, TDE);
    cpu.exceptions.breakpoint(7);
    assertEquals(2, cpu.el);
    assertEquals(0xF200_0007L, cpu.sys(SysReg.ESR_EL2));
    cpu.enter(1, 1);
    set(cpu, SysReg.SCR_EL3, cpu.sys(SysReg.SCR_EL3) & ~Exceptions.SCR_NS);
    cpu.exceptions.breakpoint(7);
    assertEquals(1, cpu.el, "EL2 has no part in Secure state");
    cpu.enter(3, 1);
    cpu.exceptions.breakpoint(7);
    assertEquals(3, cpu.el);
  }

  @Test
  void secureStateCanForbidDebugExceptions() {
    Cpu cpu = cpu(ALL);
    msr(cpu, SysReg.OSLAR_EL1, 0);
    msr(cpu, SysReg.MDSCR_EL1, 1);
    cpu.enter(0, 0);
    assertEquals(true, cpu.debug.armed());
    set(cpu, SysReg.MDCR_EL3, 1 << 16);
    assertEquals(true, cpu.debug.armed(), "SDD is about Secure state");
    set(cpu, SysReg.SCR_EL3, cpu.sys(SysReg.SCR_EL3) & ~Exceptions.SCR_NS);
    assertEquals(false, cpu.debug.armed());
    set(cpu, SysReg.MDCR_EL3, 0);
    assertEquals(true, cpu.debug.armed());
  }

  // ---- HMC, SSC and PMC

  /** Levels at which a breakpoint with a setting may match, 3 for EL3 and so on; S in front of those in Secure state. */
  private static List<String> levels(CpuConfig config, int setting) {
    List<String> levels = new ArrayList<>();
    for (int secure = 0; secure <= (config.el3() ? 1 : 0); secure++) {
      for (int level = 0; level <= config.highestLevel(); level++) {
        if (level == 2 && (secure == 1 || !config.el2()) || level == 3 && secure == 0) {
          continue;
        }
        Cpu cpu = cpu(config);
        msr(cpu, SysReg.OSLAR_EL1, 0);
        if (config.el3()) {
          cpu.sys[SysReg.SCR_EL3.ordinal()] = secure == 1 ? 0x430 : 0x431;
        }
        cpu.sys[SysReg.DBGBCR0_EL1.ordinal()] = (setting >> 4 & 1) << 13 | (setting >> 2 & 3) << 14 | (setting & 3) << 1 | 0xF << 5 | 1;
        cpu.sys[SysReg.DBGBVR0_EL1.ordinal()] = 0x4000_0000L;
        cpu.el = level;
        DebugMatch match = new DebugMatch(cpu);
        match.configure(true);
        assertEquals(match.anyBreakpoint(), match.breakpoint(0x4000_0000L));
        if (match.anyBreakpoint()) {
          levels.add((secure == 1 ? "S" : "") + level);
        }
      }
    }
    return levels;
  }

  /** Arm ARM DDI 0487, table of the valid HMC, SSC and PMC values of breakpoints. */
  @Test
  void settingsNameTheLevelsThatTheyAreFor() {
    String[][] table = {
        {"00001", "1 S1"}, {"00010", "0 S0"}, {"00011", "0 1 S0 S1"}, {"00101", "1"}, {"00110", "0"}, {"00111", "0 1"}, {"01001", "S1"},
        {"01010", "S0"}, {"01011", "S0 S1"}, {"10001", "1 2 S1 S3"}, {"10011", "0 1 2 S0 S1 S3"}, {"10101", "1 2"}, {"10111", "0 1 2"},
        {"11000", "S3"}, {"11001", "S1 S3"}, {"11011", "S0 S1 S3"}, {"11100", "2"}, {"11101", "1 2 S1"}, {"11111", "0 1 2 S0 S1"},
        {"00000", ""}, {"10000", ""}, {"10010", ""}, {"10110", ""}, {"11010", ""}, {"01110", ""}, {"11110", ""}};
    for (String[] row : table) {
      assertEquals(row[1], String.join(" ", levels(ALL, Integer.parseInt(row[0], 2))), "HMC, SSC, PMC " + row[0]);
    }
    CpuConfig plain = CpuConfig.cortexA57(0);
    assertEquals("1", String.join(" ", levels(plain, 0b00001)));
    assertEquals("", String.join(" ", levels(plain, 0b00101)), "there is no Security state to tell apart");
    assertEquals("", String.join(" ", levels(plain, 0b10001)), "there are no higher levels");
  }
}

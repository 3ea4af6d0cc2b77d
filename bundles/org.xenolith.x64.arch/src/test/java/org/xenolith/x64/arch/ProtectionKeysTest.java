// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.arch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Protection keys of user and supervisor pages (Intel SDM volume 3, 5.6.2), and PKRU in XSAVE's areas (volume 1, chapter 13). */
class ProtectionKeysTest {
  private static final int USER_PAGE = 0x4_0000;
  private static final int OTHER_PAGE = 0x4_1000;
  private static final int AREA = 0x5_0000;
  private static final int KEY = 5;
  private static final int ACCESS = 1 << 2 * KEY;
  private static final int WRITE = 2 << 2 * KEY;
  private static final int PKRS = 0x6E1;

  private final BareCpu machine = new BareCpu();
  private final Core cpu = machine.cpu;

  @BeforeEach
  void start() {
    machine.longMode();
    cpu.controls.write(4, cpu.cr4 | ControlBits.PKE | ControlBits.PKS | ControlBits.OSXSAVE);
    map(USER_PAGE, BareCpu.USER, KEY);
    map(OTHER_PAGE, 0, KEY);
  }

  private void map(int page, long user, long key) {
    machine.ram.write(0x4000 + (page >> 12) * 8, 8, page | BareCpu.PRESENT | BareCpu.WRITE | user | key << 59);
    cpu.mmu.invalidate(page);
  }

  /** The error code of an access; -1 if it is done. */
  private int access(int page, boolean write) {
    try {
      if (write) {
        cpu.store64(page, 1);
      } else {
        cpu.load64(page);
      }
      return -1;
    } catch (CpuFault fault) {
      assertEquals(ExceptionVector.PF, cpu.faultVector);
      assertEquals(page, cpu.faultAddress);
      return cpu.faultError;
    }
  }

  @Test
  void everyAccessIsAllowedOrRefusedAsTheManualSays() {
    List<String> wrong = new ArrayList<>();
    for (int state = 0; state < 128; state++) {
      boolean ofUser = (state & 1) != 0;
      boolean level3 = (state & 2) != 0;
      boolean write = (state & 4) != 0;
      boolean protects = (state & 8) != 0;
      boolean enabled = (state & 16) != 0;
      int rights = state >> 5;
      machine.level(level3 ? 3 : 0);
      cpu.cr0 = protects ? cpu.cr0 | ControlBits.WP : cpu.cr0 & ~ControlBits.WP;
      cpu.controls.write(4, cpu.cr4 & ~(ControlBits.PKE | ControlBits.PKS) | (enabled == ofUser ? ControlBits.PKE : ControlBits.PKS));
      cpu.mmu.userKeys(ofUser ? rights << 2 * KEY : 0xFFFF_FFFF);
      cpu.mmu.supervisorKeys(ofUser ? 0xFFFF_FFFF : rights << 2 * KEY);
      boolean locked = enabled && ((rights & 1) != 0 || write && (rights & 2) != 0 && (level3 && ofUser || protects));
      boolean refused = level3 && !ofUser;
      int error = !locked && !refused ? -1 : 1 | (write ? 2 : 0) | (level3 ? 4 : 0) | (locked ? 32 : 0);
      // What is inline has been found by an access before.
      for (int i = 0; i < 2; i++) {
        int met = access(ofUser ? USER_PAGE : OTHER_PAGE, write);
        if (met != error) {
          wrong.add("state %d, access %d: %d, not %d".formatted(state, i, met, error));
        }
      }
    }
    assertEquals(List.of(), wrong);
  }

  @Test
  void whatIsInlineHeedsAChange() {
    machine.level(3);
    assertEquals(-1, access(USER_PAGE, true));
    cpu.mmu.userKeys(WRITE);
    assertEquals(-1, access(USER_PAGE, false));
    assertEquals(39, access(USER_PAGE, true));
    cpu.mmu.userKeys(ACCESS);
    assertEquals(37, access(USER_PAGE, false));
    cpu.mmu.userKeys(0);
    assertEquals(-1, access(USER_PAGE, true));
    machine.level(0);
    assertEquals(-1, access(OTHER_PAGE, false));
    cpu.msrs.write(PKRS, ACCESS);
    assertEquals(33, access(OTHER_PAGE, false));
    assertEquals(ACCESS, cpu.msrs.read(PKRS));
  }

  @Test
  void aFetchHeedsNoKey() {
    cpu.mmu.userKeys(ACCESS | WRITE);
    cpu.mmu.supervisorKeys(ACCESS | WRITE);
    assertEquals(OTHER_PAGE, cpu.mmu.code(OTHER_PAGE).frame);
  }

  @Test
  void registersHaveTheirBits() {
    refused(() -> cpu.msrs.write(PKRS, 1L << 32));
    refused(() -> cpu.controls.xcr0(0, 0x202));
    refused(() -> cpu.controls.xcr0(0, 0x205));
    cpu.controls.xcr0(0, 0x201);
    cpu.cpuid.query(7, 0);
    assertEquals(1 << 31 | 3 << 3, cpu.cpuid.ecx & (1 << 31 | 3 << 3));
    cpu.controls.write(4, cpu.cr4 & ~ControlBits.PKE);
    cpu.cpuid.query(7, 0);
    assertEquals(1 << 3, cpu.cpuid.ecx & 3 << 3, "OSPKE is CR4.PKE");
  }

  private void refused(Executable write) {
    assertThrows(CpuFault.class, write);
    assertEquals(ExceptionVector.GP, cpu.faultVector);
  }

  @Test
  void cpuidTellsOfTheComponent() {
    cpu.cpuid.query(0xD, 0);
    assertEquals(0x203, cpu.cpuid.eax);
    assertEquals(576, cpu.cpuid.ebx);
    assertEquals(2696, cpu.cpuid.ecx);
    cpu.controls.xcr0(0, 0x203);
    cpu.cpuid.query(0xD, 0);
    assertEquals(2696, cpu.cpuid.ebx);
    cpu.cpuid.query(0xD, 1);
    assertEquals(584, cpu.cpuid.ebx);
    cpu.cpuid.query(0xD, 9);
    assertEquals(8, cpu.cpuid.eax);
    assertEquals(2688, cpu.cpuid.ebx);
    assertEquals(0, cpu.cpuid.ecx);
  }

  @Test
  void xsaveAndXrstorHaveIt() {
    cpu.controls.xcr0(0, 0x203);
    for (boolean compact : new boolean[] {false, true}) {
      machine.ram.fill(AREA, 0x1000, (byte) 0);
      int place = AREA + (compact ? 576 : 2688);
      cpu.mmu.userKeys(WRITE);
      cpu.extended.xsave(AREA, true, -1, false, compact);
      assertEquals(WRITE, machine.ram.read(place, 8));
      assertEquals(0x200, machine.ram.read(AREA + 512, 8) & 0x200);
      cpu.mmu.userKeys(0);
      machine.level(3);
      assertEquals(-1, access(USER_PAGE, true));
      machine.level(0);
      cpu.extended.xrstor(AREA, true, 0x200);
      assertEquals(WRITE, cpu.pkru);
      machine.level(3);
      assertEquals(39, access(USER_PAGE, true));
      machine.level(0);
      // What isn't in the area is as after reset.
      machine.ram.write(AREA + 512, 8, 0);
      cpu.extended.xrstor(AREA, true, 0x203);
      assertEquals(0, cpu.pkru);
    }
  }

  @Test
  void whatAnotherGuestMayDoIsItsOwn() {
    cpu.mmu.userKeys(WRITE);
    cpu.mmu.supervisorKeys(ACCESS);
    GuestRegisters one = new GuestRegisters();
    one.save(cpu);
    GuestRegisters other = new GuestRegisters();
    other.take(one);
    cpu.mmu.userKeys(0);
    cpu.mmu.supervisorKeys(0);
    other.load(cpu);
    assertEquals(WRITE, cpu.pkru);
    assertEquals(ACCESS, cpu.pkrs);
  }
}

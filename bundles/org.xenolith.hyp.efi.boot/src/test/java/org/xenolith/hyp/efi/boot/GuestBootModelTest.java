// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.efi.boot;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.efi.boot.api.BootGuest;
import org.xenolith.efi.boot.api.BootNode;
import org.xenolith.efi.boot.api.GuestBoot;
import org.xenolith.efi.boot.api.GuestBootPort;
import org.xenolith.hyp.api.GuestFirmware;
import org.xenolith.hyp.api.GuestTrapsPort;
import org.xenolith.testkit.FakeNode;
import org.xenolith.testkit.hyp.FakeDomain;
import org.xenolith.testkit.hyp.FakeHypervisor;

/** Calls of a domain come to the firmware's core with all registers, and its answer comes back. */
class GuestBootModelTest {
  private static final int FUNCTION = 0xC300_EF51;

  /** A core that writes into the caller's memory. */
  private static final class Core implements GuestBoot {
    private final List<String> heard = new ArrayList<>();

    @Override
    public boolean answers(int function) {
      return function == FUNCTION;
    }

    @Override
    public void call(BootGuest guest, long[] registers) {
      byte[] bytes = {1, 2, 3};
      assertTrue(guest.write(FakeHypervisor.GUEST_RAM, bytes, 0, 3));
      assertFalse(guest.write(16, bytes, 0, 3));
      assertTrue(guest.read(FakeHypervisor.GUEST_RAM + 1, bytes, 0, 2));
      heard.add(guest.name() + ' ' + guest.number() + ' ' + registers[1] + ' ' + bytes[0]);
      for (int i = 0; i < RESULTS; i++) {
        registers[i] = 100 + i;
      }
    }

    @Override
    public boolean hasBootServices(int guest) {
      return false;
    }

    @Override
    public void gone(int guest) {
      heard.add("gone " + guest);
    }
  }

  private static FakeHypervisor hypervisor(boolean firmware) {
    FakeHypervisor made = new FakeHypervisor(1);
    if (firmware) {
      made.beside(FakeNode.at(BootNode.PATH).compatible(BootNode.COMPATIBLE).build());
    }
    made.install("efi.boot", new GuestBootComponent());
    return made;
  }

  @Test
  void callsArePassedOnWithAllRegisters() {
    FakeHypervisor hypervisor = hypervisor(true);
    Core core = new Core();
    hypervisor.context("efi.boot").port(BootNode.PATH, GuestBootPort.class).attach(core, hypervisor.context("efi.boot"));
    FakeDomain domain = hypervisor.domU(3, 1);
    long[] registers = {FUNCTION, 55, 0, 0, 0, 0, 0, 0};
    GuestFirmware firmware = hypervisor.port(GuestTrapsPort.class).firmware(FUNCTION).handler();
    firmware.call(domain.vcpu(0), registers);
    assertArrayEquals(new long[] {100, 101, 102, 103, 104, 105, 106}, java.util.Arrays.copyOf(registers, firmware.results()));
    int serial = domain.serial();
    hypervisor.destroy(domain);
    assertEquals(List.of("d3 " + serial + " 55 2", "gone " + serial), core.heard);
  }

  @Test
  void withoutFirmwareNobodyAnswers() {
    assertNull(hypervisor(false).port(GuestTrapsPort.class).firmware(FUNCTION));
  }
}

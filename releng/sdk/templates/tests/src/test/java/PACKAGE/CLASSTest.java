// SPDX-License-Identifier: EPL-2.0
package @PACKAGE@;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.xenolith.junit.GuestMachine;
import org.xenolith.junit.InjectedFault;
import org.xenolith.junit.Machine;
import org.xenolith.machine.control.Machine.StopReason;

/** A guest that needs no network and no file. It was run once until its second tick; each test goes on from there. */
@Machine(board = "virt", guest = "tiny", until = "tick 2$")
class @CLASS@Test {
  private static final Duration SECOND = Duration.ofSeconds(1);

  @Test
  void theNextTickIsTheThird(GuestMachine machine) {
    assertEquals("3", machine.expect("^tick (\\d+)$").group(1));
    assertTrue(machine.console().contains("tick 1"), machine.console());
  }

  @Test
  void theGuestSwitchesItselfOff(GuestMachine machine) {
    machine.expect("^XENOLITH-DONE", SECOND);
    machine.expectEnd(StopReason.POWER_OFF, SECOND);
  }

  @Test
  void aDeviceIsLookedAtWithoutAnEffect(GuestMachine machine) {
    String before = machine.digest();
    String uart = machine.devices().stream().map(device -> device.instance()).filter(path -> path.startsWith("/pl011@")).findFirst().orElseThrow();
    assertEquals(0x301, machine.register(uart, "UARTCR").orElseThrow());
    assertEquals(before, machine.digest());
  }

  @Test
  void aFaultOfTheTimerIsSeenAndEnds(GuestMachine machine) {
    try (InjectedFault stopped = machine.fault("clock", Map.of("node", "/timer", "is", "stopped"))) {
      assertThrows(AssertionError.class, () -> machine.expect("^tick 3$", SECOND));
    }
    machine.expect("^tick 3$", SECOND);
  }

  @Test
  @Machine(board = "virt", guest = "tiny", options = "hypervisor", until = "tick 2$")
  void theSameAsTheFirstDomainOfAHypervisor(GuestMachine machine) {
    assertEquals("Domain-0", machine.domains().getFirst().name());
    machine.expect("^tick 3$");
  }
}

// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.boot.api;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.efi.api.EfiStatus;

/** What steps, accesses and the table of boot services are. */
class EfiStepTest {
  @Test
  void onlyAReturnEndsACall() {
    assertTrue(EfiStep.done(EfiStatus.NOT_FOUND).ends());
    assertEquals(new EfiStep.Return(EfiStatus.NOT_FOUND.code()), EfiStep.done(EfiStatus.NOT_FOUND));
    assertFalse(EfiStep.call(1, 2, 3).ends());
    assertFalse(new EfiStep.Wait(1, 2).ends());
    List<EfiAccess> accesses = new ArrayList<>(List.of(EfiAccess.read(4, 8)));
    EfiStep.Touch touch = new EfiStep.Touch(1, accesses);
    accesses.clear();
    assertEquals(1, touch.accesses().size());
  }

  @Test
  void aHypercallHasFiveArguments() {
    assertArrayEquals(new long[] {7, 8, 0, 0, 0}, EfiAccess.hypercall(20, 7, 8).others());
  }

  @Test
  void bootServicesHaveTheirPlaces() {
    assertEquals(376, BootService.SIZE);
    assertEquals(320, BootService.LOCATE_PROTOCOL.offset());
    assertEquals(232, BootService.EXIT_BOOT_SERVICES.offset());
    assertEquals(368, BootService.CREATE_EVENT_EX.offset());
  }
}

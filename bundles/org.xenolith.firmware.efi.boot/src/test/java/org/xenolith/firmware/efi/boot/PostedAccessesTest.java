// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.efi.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.EfiAccess;
import org.xenolith.efi.boot.api.EfiError;
import org.xenolith.efi.boot.api.EfiFunction;
import org.xenolith.efi.boot.api.EfiStep;

/** Accesses whose results nobody learns: on the way to what is next, and before it. */
class PostedAccessesTest {
  private static final EfiAccess FIRST = EfiAccess.write(4, 0x900_0000, 1);
  private static final EfiAccess SECOND = EfiAccess.untilClear(2, 0x900_0018, 32);
  private static final String FIRST_DONE = "post 1 4 0x9000000 1";
  private static final String SECOND_DONE = "post 2 2 0x9000018 32";

  private final Stand stand = new Stand().enter();

  private long call(EfiFunction function) {
    stand.layer("layer", Map.of("Do", function));
    long pointer = stand.firmware().function("layer", "Do");
    stand.log.clear();
    return stand.call(pointer);
  }

  @Test
  void theyAreMadeInTheirOrderBeforeTheCallerGoesOn() {
    assertEquals(7, call(call -> switch (call.step()) {
      case 0 -> EfiStep.post(1, FIRST);
      case 1 -> EfiStep.post(2, SECOND);
      default -> EfiStep.done(7);
    }));
    assertEquals(List.of(FIRST_DONE, SECOND_DONE), stand.log);
  }

  @Test
  void theyAreMadeBeforeSomebodyWaits() {
    List<Long> waited = new ArrayList<>();
    assertEquals(0, call(call -> switch (call.step()) {
      case 0 -> EfiStep.post(1, FIRST);
      case 1 -> {
        waited.add((long) stand.log.size());
        yield new EfiStep.Wait(2, call.firmware().after(10));
      }
      default -> {
        waited.add((long) stand.log.size());
        yield EfiStep.done();
      }
    }));
    assertEquals(List.of(0L, 1L), waited);
    assertEquals(List.of(FIRST_DONE), stand.log);
  }

  @Test
  void theyAreMadeBeforeAFunctionOfTheGuestsIsCalled() {
    long guest = stand.guest(arguments -> {
      stand.log.add("called with " + arguments[0]);
      return 3;
    });
    assertEquals(3, call(call -> switch (call.step()) {
      case 0 -> EfiStep.post(1, FIRST);
      case 1 -> EfiStep.call(2, guest, 5);
      default -> EfiStep.done(call.result());
    }));
    assertEquals(List.of(FIRST_DONE, "called with 5"), stand.log);
  }

  @Test
  void theyAreMadeThoughTheCallFailsBehindThem() {
    assertEquals(EfiStatus.DEVICE_ERROR.code(), call(call -> {
      if (call.step() == 0) {
        return EfiStep.post(1, FIRST);
      }
      throw new EfiError(EfiStatus.DEVICE_ERROR, "on purpose");
    }));
    assertEquals(List.of(FIRST_DONE), stand.log);
    stand.log.clear();
    assertEquals(0, call(call -> EfiStep.done()));
    assertEquals(List.of(), stand.log);
  }

  @Test
  void moreThanOneListHasRoomForAreMadeInTwo() {
    List<EfiAccess> many = Collections.nCopies(200, FIRST);
    assertEquals(0, call(call -> switch (call.step()) {
      case 0 -> new EfiStep.Post(1, many);
      case 1 -> new EfiStep.Post(2, Collections.nCopies(100, SECOND)); // touched, after the others
      default -> EfiStep.done();
    }));
    assertEquals(Collections.nCopies(200, FIRST_DONE), stand.log);
  }
}

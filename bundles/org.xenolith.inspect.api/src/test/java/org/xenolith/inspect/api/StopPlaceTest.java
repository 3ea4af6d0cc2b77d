// SPDX-License-Identifier: EPL-2.0
package org.xenolith.inspect.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.xenolith.machine.watch.WatchedAddress;
import org.xenolith.machine.watch.WatchedAddress.Kind;
import org.xenolith.machine.watch.WatchedAddress.Space;

class StopPlaceTest {
  @Test
  void anAccessIsWatchedForWhatIsMeant() {
    assertEquals(new WatchedAddress(Kind.READ, Space.PROCESSOR, 16, 4), new StopPlace.Access(Space.PROCESSOR, 16, 4, true, false)
        .watched());
    assertEquals(new WatchedAddress(Kind.WRITE, Space.PHYSICAL, 16, 4), new StopPlace.Access(Space.PHYSICAL, 16, 4, false, true).watched());
    assertEquals(Kind.ACCESS, new StopPlace.Access(Space.PHYSICAL, 16, 4, true, true).watched().kind());
  }

  @Test
  void oneThatMeansNothingIsRefusedAtOnce() {
    assertThrows(IllegalArgumentException.class, () -> new StopPlace.Access(Space.PHYSICAL, 16, 4, false, false));
    assertThrows(IllegalArgumentException.class, () -> new StopPlace.Access(Space.PHYSICAL, 16, 0, true, false));
    assertThrows(IllegalArgumentException.class, () -> new StopPlace.Access(Space.PHYSICAL, -2, 4, true, false));
  }
}

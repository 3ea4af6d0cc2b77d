// SPDX-License-Identifier: EPL-2.0
package org.xenolith.history.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.xenolith.inspect.api.StopPlace;
import org.xenolith.inspect.api.StopReport;

class MomentTest {
  @Test
  void momentsAreInTheOrderInWhichTheyCome() {
    assertEquals(-1, new Moment(1, 9).compareTo(new Moment(2, 3)));
    assertEquals(-1, new Moment(1, 8).compareTo(new Moment(1, 9)));
    assertEquals(0, new Moment(1, 8).compareTo(new Moment(1, 8)));
  }

  @Test
  void noMomentIsBeforeTheMachineBegins() {
    assertThrows(IllegalArgumentException.class, () -> new Moment(-1, 0));
    assertThrows(IllegalArgumentException.class, () -> new Moment(0, -1));
  }

  @Test
  void itsTextHasBothNumbers() {
    assertEquals("12@34ns", new Moment(12, 34).toString());
  }

  @Test
  void anArrivalKeepsWhatWasMetThere() {
    List<StopReport> met = new ArrayList<>(List.of(new StopReport(new StopPlace.Instruction(4), OptionalInt.of(0), 4, false, "")));
    Arrival arrival = new Arrival(Arrival.Why.STOP, met);
    met.clear();
    assertEquals(1, arrival.reached().size());
  }
}

// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.offers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class IdleOffersTest {
  private final Offers offers = new Offers();
  private final List<String> events = new ArrayList<>();
  private final Set<Long> told = new HashSet<>();

  private void tell() {
    offers.tellIdle((kind, place, text) -> events.add(kind + " " + place + ": " + text), told);
  }

  @Test
  void aServiceThatMatchesNothingIsNamedOnceToEachMachine() {
    offers.matchesNothing(new Provider("a.uart", "1.0.0", 5), List.of("xenolith.compatibel"));
    tell();
    tell();
    assertEquals(1, events.size());
    assertTrue(events.getFirst().startsWith("matches-nothing a.uart: a service of a.uart matches nothing"), events.getFirst());
    assertTrue(events.getFirst().endsWith("but xenolith.compatibel: correct the name"), events.getFirst());
  }

  @Test
  void anEngineThatExecutesNoInstructionsIsNamed() {
    offers.executesNothing(new Provider("an.engine", "1.0.0", 6), "fast");
    tell();
    assertEquals(List.of("matches-nothing an.engine: the engine fast of an.engine is for no CPU: its service has no property"
        + " xenolith.instructions; add the instruction sets that it executes"), events);
  }

  @Test
  void oneThatIsGoneIsNotNamed() {
    offers.matchesNothing(new Provider("a.uart", "1.0.0", 5), List.of());
    offers.remove(5);
    tell();
    assertEquals(List.of(), events);
  }
}

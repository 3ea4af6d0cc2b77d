// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.boot.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Layers come and go by their names. */
class LayersPortTest {
  private static EfiLayer layer(String name) {
    return new EfiLayer() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public int version() {
        return 1;
      }

      @Override
      public void begin(Firmware firmware) {}

      @Override
      public EfiFunction function(String wanted) {
        return null;
      }
    };
  }

  @Test
  void theLatestOfANameCountsAndOnlyItCanGo() {
    LayersPort port = new LayersPort();
    List<String> heard = new ArrayList<>();
    port.listen(layer -> heard.add(layer.name()));
    EfiLayer first = layer("b");
    EfiLayer second = layer("b");
    port.attach(first, null);
    port.attach(layer("a"), null);
    port.attach(second, null);
    assertEquals(List.of("b", "a", "b"), heard);
    assertEquals(List.of("a", "b"), port.layers().stream().map(claim -> claim.layer().name()).toList());
    port.detach(first);
    assertSame(second, port.layer("b").layer());
    port.detach(second);
    assertNull(port.layer("b"));
  }

  @Test
  void withoutFirmwareNothingIsAnswered() {
    InspectionPort port = new InspectionPort();
    assertEquals(List.of(), port.questions());
    assertEquals(List.of(), port.answer("dh"));
  }
}

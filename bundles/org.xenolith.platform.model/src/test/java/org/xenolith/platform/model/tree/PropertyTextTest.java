// SPDX-License-Identifier: EPL-2.0
package org.xenolith.platform.model.tree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.xenolith.fdt.FdtException;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.fdt.FdtReservation;

class PropertyTextTest {
  private static final long SEED = Long.getLong("xenolith.seed", 20261120);

  @Test
  void eachKindOfValueHasItsForm() {
    assertEquals("dma-coherent", PropertyText.format(FdtProperty.ofFlag("dma-coherent")));
    assertEquals("compatible = 'arm,pl011' 'x y'", PropertyText.format(FdtProperty.ofStrings("compatible", "arm,pl011", "x y")));
    assertEquals("reg = 0x0 0x9000000 0xffffffff 0x10",
        PropertyText.format(FdtProperty.ofCells("reg", 0, 0x900_0000, -1, 16)));
    assertEquals("mac = [52 54 01]", PropertyText.format(new FdtProperty("mac", new byte[] {0x52, 0x54, 1})));
    assertEquals("quote = 0x61276200", PropertyText.format(FdtProperty.ofStrings("quote", "a'b")));
    assertEquals("a=b = 'c=d'", PropertyText.format(FdtProperty.ofStrings("a=b", "c=d")));
  }

  @Test
  void everyPropertySurvives() {
    System.out.println("PropertyTextTest: seed " + SEED + " (-Dxenolith.seed=N)");
    Random random = new Random(SEED);
    String alphabet = "ab,'= [x0]\0\0";
    for (int i = 0; i < 50_000; i++) {
      byte[] value = new byte[random.nextInt(13)];
      for (int k = 0; k < value.length; k++) {
        value[k] = (byte) (random.nextInt(8) == 0 ? random.nextInt() : alphabet.charAt(random.nextInt(alphabet.length())));
      }
      FdtProperty property = new FdtProperty(random.nextBoolean() ? "#p=[0x1]" : "'q'", value);
      assertEquals(property, PropertyText.parse(PropertyText.format(property)));
    }
  }

  @Test
  void handWrittenLinesAreReadWithSpacesAndWithoutThemBetweenBytes() {
    assertEquals(FdtProperty.ofCells("reg", 1, 2), PropertyText.parse("  reg =  0x1   0x00000002 "));
    assertEquals(new FdtProperty("b", new byte[] {1, (byte) 0xaf}), PropertyText.parse("b = [01AF]"));
    assertEquals(FdtProperty.ofStrings("s", "", "ü"), PropertyText.parse("s = ''  'ü'"));
  }

  @Test
  void badLinesSayWhatIsWrongAndHowToWriteIt() {
    for (String bad : List.of("", "a b", "a = 1", "a = 0x", "a = 0x123456789", "a = 0xg", "a = [0]", "a = [01", "a = [é1]",
        "a = 'b", "a = 'b' c", "a/b = 0x1")) {
      FdtException e = assertThrows(FdtException.class, () -> PropertyText.parse(bad), bad);
      assertTrue(!e.remedy().isBlank());
    }
  }

  @Test
  void reservationsSurviveAndBadOnesAreRefused() {
    FdtReservation high = new FdtReservation(-0x1000, 0x1000);
    assertEquals(high, ReservationText.parse(ReservationText.format(high)));
    for (String bad : List.of("", "0x1", "1 2", "0x1 0xg", "0x 0x1", "0x0 0x0", "0x1 0x2 0x3")) {
      assertThrows(FdtException.class, () -> ReservationText.parse(bad), bad);
    }
  }
}

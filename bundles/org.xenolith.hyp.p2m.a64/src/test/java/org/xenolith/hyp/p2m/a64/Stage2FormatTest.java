// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.p2m.a64;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.xenolith.hyp.api.PageType;
import org.xenolith.hyp.memory.kit.TableFormat;

/** Descriptors and VTCR_EL2 bit by bit, as the architecture has them (Arm ARM DDI 0487, D8.3 and D19.2). */
class Stage2FormatTest {
  /** VALID, AF and S2AP that reads. */
  private static final long COMMON = 1 | 1 << 10 | 1 << 6;
  private static final long WRITE = 1 << 7;
  private static final long PAGE = 2;
  private static final long NORMAL = 15 << 2 | 3 << 8;
  private static final long DEVICE = 1 << 2 | 2 << 8;
  private static final long EXECUTE_NEVER = 1L << 54;
  /** Bits 58:55 are software's. */
  private static final long SOFTWARE = 15L << 55;
  private final Stage2Format format = new Stage2Format(40);

  private long leaf(PageType type, int level) {
    return format.leaf(type, 0x1_2345_6000L, level) & ~SOFTWARE;
  }

  @Test
  void eachKindOfPageHasItsDescriptor() {
    long at = 0x1_2345_6000L << 12;
    assertEquals(at | COMMON | NORMAL | WRITE | PAGE, leaf(PageType.RAM, TableFormat.LAST));
    assertEquals(at | COMMON | NORMAL | PAGE, leaf(PageType.RAM_READ_ONLY, TableFormat.LAST));
    assertEquals(at | COMMON | DEVICE | WRITE | EXECUTE_NEVER | PAGE, leaf(PageType.DEVICE, TableFormat.LAST));
    assertEquals(at | COMMON | NORMAL | WRITE | EXECUTE_NEVER | PAGE, leaf(PageType.FOREIGN, TableFormat.LAST));
    assertEquals(at | COMMON | NORMAL | WRITE | EXECUTE_NEVER | PAGE, leaf(PageType.GRANT, TableFormat.LAST));
    assertEquals(at | COMMON | NORMAL | EXECUTE_NEVER | PAGE, leaf(PageType.GRANT_READ_ONLY, TableFormat.LAST));
    assertThrows(IllegalArgumentException.class, () -> leaf(PageType.NONE, TableFormat.LAST));
  }

  @Test
  void aBlockIsNoPageAndItsPartsAreThePagesOfIt() {
    long block = format.leaf(PageType.RAM, 0x4_0000, 1);
    assertEquals(0x4_0000L << 12 | COMMON | NORMAL | WRITE, block & ~SOFTWARE);
    long part = format.part(block, 1, 3);
    assertEquals(block + (3L * 512 << 12), part, "a block of 2 MiB");
    assertEquals(part + (511L << 12) | PAGE, format.part(part, 2, 511));
    assertEquals(format.leaf(PageType.RAM, 0x4_0000 + 3 * 512 + 511, TableFormat.LAST), format.part(part, 2, 511));
  }

  @Test
  void aTableIsOneAboveTheLastLevelOnly() {
    long table = format.table(0x4567_8000L);
    assertEquals(0x4567_8003L, table);
    assertTrue(format.isTable(table, 1));
    assertTrue(format.isTable(table, 2));
    assertFalse(format.isTable(table, 3), "a page");
    assertFalse(format.isTable(table & ~1, 2), "not valid");
    assertFalse(format.isTable(table & ~2, 2), "a block");
    assertFalse(format.isTable(0, 1));
  }

  @Test
  void theSizeOfAddressesSaysWhereAWalkBegins() {
    long common = 1L << 31 | 3 << 12 | 1 << 10 | 1 << 8;
    assertEquals(common | 5 << 16 | 1 << 6 | 24, new Stage2Format(40).control(5), "level 1");
    assertEquals(common | 4 << 16 | 2 << 6 | 20, new Stage2Format(44).control(4), "level 0");
    assertEquals(common | 2 << 6 | 16, new Stage2Format(48).control(0));
  }
}

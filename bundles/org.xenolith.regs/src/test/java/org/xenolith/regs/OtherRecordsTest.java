// SPDX-License-Identifier: EPL-2.0
package org.xenolith.regs;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

/** Records of versions that had other fields. */
class OtherRecordsTest {
  private final DeviceState earlier = new DeviceState();
  private final LongCell count = earlier.cell("count", 1);
  private final long[] table = earlier.longs("table", 2);
  private final LongCell spare = earlier.cell("spare", 3);

  private final DeviceState later = new DeviceState();
  private final LongCell total = later.cell("total", 1);
  private final LongCell mode = later.cell("mode", 7);
  private final long[] sameTable = later.longs("table", 2);

  private StateRecord record() {
    count.value = 11;
    table[1] = 12;
    spare.value = 13;
    mode.value = 99;
    return earlier.save();
  }

  @Test
  void whatIsDeclaredIsTaken() {
    later.renamed("count", "total");
    later.added("mode");
    later.dropped("spare");
    later.restore(record());
    assertEquals(11, total.value);
    assertArrayEquals(new long[] {0, 12}, sameTable);
    assertEquals(7, mode.value, "a field that the record lacks has its reset value, whatever it was");
    mode.value = 8;
    StateRecord own = later.save();
    later.reset();
    later.restore(own);
    assertEquals(8, mode.value);
    assertEquals(11, total.value);
  }

  @Test
  void whatIsNotDeclaredIsRefusedByName() {
    StateRecord record = record();
    StateMismatch refused = assertThrows(StateMismatch.class, () -> later.restore(record));
    assertEquals("state fields missing: [mode, total], unknown: [count, spare]", refused.getMessage());
    assertEquals(99, mode.value);
    later.renamed("count", "total");
    later.added("mode");
    assertEquals("state fields missing: [], unknown: [spare]", assertThrows(StateMismatch.class, () -> later.restore(record)).getMessage());
  }

  @Test
  void theEarlierVersionRefusesTheLaterOnesRecords() {
    StateMismatch refused = assertThrows(StateMismatch.class, () -> earlier.restore(later.save()));
    assertEquals("state fields missing: [count, spare], unknown: [mode, total]", refused.getMessage());
  }

  @Test
  void aFieldUnderBothNamesIsRefused() {
    later.renamed("count", "total");
    later.added("mode");
    later.dropped("spare");
    StateRecord both = record();
    both.put("total", 5L);
    StateMismatch refused = assertThrows(StateMismatch.class, () -> later.restore(both));
    assertEquals("total: the record has it twice, under its former name, too", refused.getMessage());
    assertEquals(1, total.value);
  }
}

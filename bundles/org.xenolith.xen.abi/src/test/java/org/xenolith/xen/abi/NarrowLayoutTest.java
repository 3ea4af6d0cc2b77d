// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;

class NarrowLayoutTest {
  private final byte[] wide = new byte[80];
  private final byte[] narrow = new byte[80];
  private final AbiBytes wideBytes = new AbiBytes(wide);
  private final AbiBytes narrowBytes = new AbiBytes(narrow);

  @Test
  void wordsBecomeWideWithZerosAboveThem() {
    Arrays.fill(wide, (byte) 0x55);
    AddToPhysmap view = new AddToPhysmap();
    view.at(wideBytes, 8);
    narrowBytes.write16(4, (short) 0x7ff0);
    narrowBytes.write32(8, 1);
    narrowBytes.write32(12, 0x8000_0001);
    narrowBytes.write32(16, -2);
    view.narrow().widen(narrowBytes, 4, wideBytes, 8);
    assertEquals(0x7ff0, view.domid());
    assertEquals(0, view.mapSize());
    assertEquals(1, view.space());
    assertEquals(0x8000_0001L, view.idx());
    assertEquals(0xFFFF_FFFEL, view.gpfn());
    assertEquals(0x55, wide[7]);
    assertEquals(0x55, wide[8 + AddToPhysmap.SIZE]);
  }

  @Test
  void longFieldsKeepAllOfTheirBitsAtTheirNarrowPlaces() {
    RunstateInfo view = new RunstateInfo();
    view.at(wideBytes, 0);
    view.state(2);
    view.stateEntryTime(0x1111_2222_3333_4444L);
    for (int i = 0; i < 4; i++) {
      view.time(i, 0x1_0000_0000L * (i + 1) + i);
    }
    view.narrow().narrow(wideBytes, 0, narrowBytes, 0, 0, RunstateInfo.SIZE);
    assertEquals(2, narrowBytes.read32(0));
    assertEquals(0x1111_2222_3333_4444L, narrowBytes.read64(4));
    assertEquals(0x4_0000_0003L, narrowBytes.read64(12 + 24));
    assertEquals(0, narrowBytes.read64(44));
    view.zero();
    view.narrow().widen(narrowBytes, 0, wideBytes, 0);
    assertEquals(0x3_0000_0002L, view.time(2));
  }

  @Test
  void onlyFieldsWithinTheNamedBytesBecomeNarrow() {
    GnttabSetupTable view = new GnttabSetupTable();
    view.at(wideBytes, 0);
    view.dom(0x1234);
    view.status(-3);
    Arrays.fill(narrow, (byte) 0x77);
    view.narrow().narrow(wideBytes, 0, narrowBytes, 0, GnttabSetupTable.STATUS, 2);
    byte[] expected = new byte[80];
    Arrays.fill(expected, (byte) 0x77);
    expected[8] = -3;
    expected[9] = -1;
    assertArrayEquals(expected, narrow);
    assertEquals(8, view.narrow().begin(GnttabSetupTable.STATUS, 2));
    assertEquals(10, view.narrow().end(GnttabSetupTable.STATUS, 2));
  }

  @Test
  void elementsOfArraysAreNarrowOneByOne() {
    MulticallEntry view = new MulticallEntry();
    view.at(wideBytes, 0);
    for (int i = 0; i < 8; i++) {
      narrowBytes.write32(4 * i, 0x9000_0000 + i);
    }
    view.narrow().widen(narrowBytes, 0, wideBytes, 0);
    assertEquals(0x9000_0000L, view.op());
    assertEquals(0x9000_0007L, view.args(5));
    view.args(5, 0x1_0000_0002L);
    view.narrow().narrow(wideBytes, 0, narrowBytes, 0, 0, MulticallEntry.SIZE);
    assertEquals(2, narrowBytes.read32(28));
  }

  @Test
  void whatIsTheSameHasNoneAndUnknownFieldsAreNamed() {
    assertNull(new EvtchnSend().narrow());
    assertNull(new HvmParamArg().narrow());
    assertEquals("nothing", assertThrows(NoSuchElementException.class, () -> new SchedPoll().narrow().offset("nothing")).getMessage());
  }
}

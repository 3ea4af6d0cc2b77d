// SPDX-License-Identifier: EPL-2.0
package org.xenolith.share.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.xenolith.regs.StateRecord;

class FoldersPortTest {
  private static final SharedFolder ONE = new SharedFolder("/tmp/one", true, "one: p9", "mount one");
  private static final SharedFolder TWO = new SharedFolder("two", false, "two: p9", "mount two");
  private final FoldersPort ports = new FoldersPort();
  private final List<String> heard = new ArrayList<>();

  private FoldersPort.Watcher watcher() {
    return new FoldersPort.Watcher() {
      @Override
      public void added(String key) {
        heard.add("+" + key);
      }

      @Override
      public void removed(String key) {
        heard.add("-" + key);
      }
    };
  }

  @Test
  void whoWatchesHearsWhatComesAndGoes() {
    ports.add("1/0", ONE);
    ports.watch(watcher());
    ports.add("2/0", TWO);
    ports.add("2/0", ONE);
    ports.remove("3/0");
    assertEquals(Map.of("1/0", ONE, "2/0", ONE), ports.folders());
    ports.machineReset();
    assertEquals(List.of("+2/0", "-2/0", "+2/0", "-1/0", "-2/0"), heard);
    assertTrue(ports.folders().isEmpty());
  }

  @Test
  void aRecordHasWhereFoldersAreAndWhoIsOutsideStays() {
    ports.add("1/0", ONE);
    ports.add("2/0", TWO);
    StateRecord record = StateRecord.ofBytes(ports.state().save().toBytes());
    SharePort before = ports.port("1/0").orElseThrow();
    ports.state().restore(record);
    assertSame(before, ports.port("1/0").orElseThrow());

    FoldersPort others = new FoldersPort();
    others.state().restore(record);
    assertEquals(Map.of("1/0", ONE, "2/0", TWO), others.folders());
  }

  @Test
  void thePlaceOfAnInputNamesNodeAndKey() {
    String place = FoldersPort.place("/hypervisor", "00002/0");
    assertEquals("/hypervisor", FoldersPort.node(place));
    assertEquals(Optional.of("00002/0"), FoldersPort.key(place));
    assertEquals(Optional.empty(), FoldersPort.key("/virtio@1"));
    assertEquals("/virtio@1", FoldersPort.node("/virtio@1"));
  }
}

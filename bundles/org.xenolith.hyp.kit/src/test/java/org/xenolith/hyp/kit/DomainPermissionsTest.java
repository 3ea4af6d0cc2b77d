// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.kit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.xenolith.hyp.api.HardwarePermissions;
import org.xenolith.hyp.api.HardwarePermissions.Frames;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.StateMismatch;
import org.xenolith.regs.StateRecord;

class DomainPermissionsTest {
  private final DeviceState state = new DeviceState();
  private final DomainPermissions permissions = new DomainPermissions(state);

  @Test
  void rangesAreWhatASetOfFramesWouldBe() {
    long seed = 20_261_122;
    System.out.println("seed " + seed);
    SplittableRandom random = new SplittableRandom(seed);
    BitSet expected = new BitSet();
    for (int step = 0; step < 3000; step++) {
      int first = random.nextInt(120);
      int last = first + random.nextInt(12);
      if (random.nextBoolean()) {
        assertTrue(permissions.permit(new Frames(first, last)));
        expected.set(first, last + 1);
      } else {
        assertTrue(permissions.forbid(new Frames(first, last)));
        expected.clear(first, last + 1);
      }
      BitSet found = new BitSet();
      permissions.frames().forEach(f -> found.set((int) f.first(), (int) f.last() + 1));
      assertEquals(expected, found, "step " + step);
      assertEquals(expected.get(first, last + 1).cardinality() == last + 1 - first, permissions.mayMap(new Frames(first, last)));
    }
    List<Frames> all = permissions.frames();
    for (int i = 1; i < all.size(); i++) {
      assertTrue(all.get(i).first() > all.get(i - 1).last() + 1, "ranges touch: " + all);
    }
  }

  @Test
  void roomIsBounded() {
    for (long i = 0; i < FrameRanges.MAX; i++) {
      assertTrue(permissions.permit(new Frames(4 * i, 4 * i + 2)));
    }
    assertFalse(permissions.permit(new Frames(1 << 20, 1 << 20)), "another range");
    assertTrue(permissions.permit(new Frames(0, 1)), "what is there already");
    assertFalse(permissions.forbid(new Frames(1, 1)), "that would be one more");
    assertTrue(permissions.mayMap(new Frames(0, 2)));
  }

  @Test
  void recordBringsThemBackAndADamagedOneIsRefused() {
    permissions.permit(new Frames(0x9000, 0x9003));
    permissions.permit(new Frames(0x8, 0x8));
    permissions.interrupt(33, true);
    permissions.interrupt(HardwarePermissions.INTERRUPTS - 1, true);
    StateRecord record = state.save();
    DeviceState other = new DeviceState();
    HardwarePermissions back = new DomainPermissions(other);
    other.restore(record);
    assertEquals("[8, 9000-9003]", back.frames().toString());
    assertEquals(List.of(33, 1023), back.interrupts());
    other.reset();
    assertEquals(List.of(), back.frames());
    assertEquals(List.of(), back.interrupts());
    for (String field : new String[] {"iomem", "irqs"}) {
      StateRecord damaged = with(record, field, new byte[7]);
      assertThrows(StateMismatch.class, () -> other.restore(damaged), field);
    }
    StateRecord backwards = with(record, "iomem", new byte[] {0, 0, 0, 0, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 0, 8});
    assertThrows(StateMismatch.class, () -> other.restore(backwards));
  }

  private static StateRecord with(StateRecord record, String field, byte[] content) {
    StateRecord changed = new StateRecord();
    record.values().forEach((name, value) -> changed.put(name, name.equals(field) ? content : (byte[]) value));
    return changed;
  }

  @Test
  void whatIsNoInterruptOrFrameIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> permissions.interrupt(1024, true));
    assertThrows(IllegalArgumentException.class, () -> permissions.interrupt(-1, true));
    assertFalse(permissions.mayHave(-1));
    assertFalse(permissions.mayHave(5000));
    assertThrows(IllegalArgumentException.class, () -> new Frames(2, 1));
    assertThrows(IllegalArgumentException.class, () -> new Frames(-1, 1));
    assertThrows(IllegalArgumentException.class, () -> new Frames(0, 1L << 40));
  }
}

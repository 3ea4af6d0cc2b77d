// SPDX-License-Identifier: EPL-2.0
package org.xenolith.guest.debian;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;

class ModuleInfoTest {
  @Test
  void readsNameAndDependencies() {
    ModuleInfo info = ModuleInfo.of(ModuleFile.of("virtio_blk", "virtio,virtio-ring"));
    assertEquals("virtio_blk", info.name());
    assertEquals(List.of("virtio", "virtio_ring"), info.dependencies());
    assertEquals(List.of(), ModuleInfo.of(ModuleFile.of("alone", "")).dependencies());
  }

  @Test
  void refusesWhatIsNoModule() {
    assertThrows(IllegalArgumentException.class, () -> ModuleInfo.of(new byte[0]));
    assertThrows(IllegalArgumentException.class, () -> ModuleInfo.of(new byte[1000]));
    byte[] whole = ModuleFile.of("name", "");
    assertThrows(IllegalArgumentException.class, () -> ModuleInfo.of(Arrays.copyOf(whole, whole.length - 1)));
  }

  @Test
  void damageNeverGivesAnotherException() {
    long seed = 42;
    System.out.println("damaged modules: seed " + seed);
    Random random = new Random(seed);
    byte[] whole = ModuleFile.of("name", "one,two");
    int refused = 0;
    for (int i = 0; i < 20_000; i++) {
      byte[] damaged = whole.clone();
      for (int n = random.nextInt(4); n >= 0; n--) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
      }
      try {
        ModuleInfo.of(damaged);
      } catch (IllegalArgumentException e) {
        refused++;
      }
    }
    assertTrue(refused > 1000, refused + " refused");
  }
}

// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.build.arm.dt;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtException;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.fdt.FdtReader;
import org.xenolith.fdt.FdtWindow;
import org.xenolith.fdt.FdtWriter;
import org.xenolith.hyp.build.kit.DeviceWindows;
import org.xenolith.testkit.Lane;

class DamagedHostTest {
  private static final int ROUNDS = Lane.full() ? 3000 : 600;

  @Test
  void hostTreeOfAnyPropertiesIsDerivedOrRefusedByName() {
    long seed = 4170;
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    Fdt sound = Golden.tree("host-gic2.dtb");
    List<String> paths = new ArrayList<>(sound.index().byPath().keySet());
    int derived = 0;
    for (int round = 0; round < ROUNDS; round++) {
      Fdt host = sound;
      for (int edits = 1 + random.nextInt(4); edits > 0; edits--) {
        host = damaged(host, paths.get(random.nextInt(paths.size())), random);
      }
      try {
        Dom0Plan plan = Dom0Tree.of(host, Golden.dom0(List.of(0), true), (path, what, remedy) -> {});
        FdtReader.read(FdtWriter.write(plan.tree()));
        for (FdtWindow window : DeviceWindows.pages(plan.windows(), List.of(Golden.HOST_RAM))) {
          assertTrue(window.size() > 0 && (window.base() & 0xfff) == 0 && (window.size() & 0xfff) == 0,
              "round " + round + ": " + window);
          assertTrue(window.base() >= 0 && window.base() + window.size() <= 1L << 52, "round " + round);
          assertTrue(window.base() + window.size() <= 0x4000_0000L || window.base() >= 0x8000_0000L, "round " + round
              + ": RAM is given away: " + window);
        }
        plan.interrupts().forEach(i -> assertTrue(i.intid() >= 32 && i.intid() < 1020, i.toString()));
        derived++;
      } catch (FdtException refused) {
        assertTrue(refused.getMessage().length() > 10);
      }
    }
    System.out.println(derived + " of " + ROUNDS + " derived");
    assertTrue(derived > ROUNDS / 2 && derived < ROUNDS, "the damage is neither too light nor too heavy");
  }

  private static Fdt damaged(Fdt host, String path, Random random) {
    return host.edit(path, node -> {
      if (node.properties().isEmpty()) {
        return node;
      }
      FdtProperty old = node.properties().get(random.nextInt(node.properties().size()));
      byte[] value = old.value();
      switch (random.nextInt(4)) {
        case 0 -> {
          return node.withoutProperty(old.name());
        }
        case 1 -> value = Arrays.copyOf(value, random.nextInt(value.length + 9));
        case 2 -> random.nextBytes(value);
        default -> {
          if (value.length > 0) {
            value[random.nextInt(value.length)] = (byte) random.nextInt();
          }
        }
      }
      return node.withProperty(new FdtProperty(old.name(), value));
    });
  }
}

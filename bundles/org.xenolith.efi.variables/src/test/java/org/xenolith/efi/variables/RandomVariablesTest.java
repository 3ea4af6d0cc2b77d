// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.variables;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.xenolith.efi.api.EfiStatus;

/** Random operations beside a model that is as simple as the text of the specification: names to attributes and bytes. */
class RandomVariablesTest {
  private static final int[] ATTRIBUTES = {0, 1, 2, 3, 4, 5, 6, 7, 0x42, 0x47, 0x46, 7, 7, 6, 3, 0x107, 0x17};

  private record Plain(int attributes, byte[] data) {}

  private final Map<String, Plain> model = new LinkedHashMap<>();
  private boolean runTime;

  /** SetVariable for variables without authentication, with room for all. */
  private EfiStatus set(String name, int attributes, byte[] data) {
    boolean access = (attributes & 6) != 0;
    boolean append = (attributes & 0x40) != 0;
    Plain old = model.get(name);
    if ((attributes & 0x100) != 0 || (attributes & 6) == 4) {
      return EfiStatus.INVALID_PARAMETER;
    }
    if ((attributes & 0x10) != 0) {
      return EfiStatus.UNSUPPORTED;
    }
    if (old != null && runTime && (old.attributes & 5) != 5) {
      return EfiStatus.WRITE_PROTECTED;
    }
    if (old != null && access && old.attributes != (attributes & ~0x40)) {
      return EfiStatus.INVALID_PARAMETER;
    }
    if (!access || data.length == 0 && !append) {
      return model.remove(name) == null ? EfiStatus.NOT_FOUND : EfiStatus.SUCCESS;
    }
    if (data.length == 0) {
      return EfiStatus.SUCCESS;
    }
    if (old == null && runTime && (attributes & 5) != 5) {
      return EfiStatus.INVALID_PARAMETER;
    }
    byte[] all = data;
    if (append && old != null) {
      all = Arrays.copyOf(old.data, old.data.length + data.length);
      System.arraycopy(data, 0, all, old.data.length, data.length);
    }
    model.put(name, new Plain(attributes & ~0x40, all));
    return EfiStatus.SUCCESS;
  }

  @Test
  void storeDoesWhatTheModelDoes() {
    for (long seed = 1; seed <= 20; seed++) {
      Random random = new Random(seed);
      StoreStand stand = new StoreStand(new StorePolicy(32 << 10, 1 << 20, 1 << 20, 0, false, false));
      model.clear();
      runTime = false;
      for (int step = 0; step < 1500; step++) {
        String when = "seed " + seed + ", step " + step;
        int what = random.nextInt(200);
        if (what == 0) {
          stand.reset();
          model.values().removeIf(variable -> (variable.attributes & 1) == 0);
          runTime = false;
        } else if (what == 1) {
          stand.store.exitBootServices();
          runTime = true;
        } else {
          String name = "V" + random.nextInt(12);
          byte[] data = new byte[random.nextInt(4)];
          random.nextBytes(data);
          int attributes = ATTRIBUTES[random.nextInt(ATTRIBUTES.length)];
          assertEquals(set(name, attributes, data), stand.store.setVariable(StoreStand.name(name), attributes, data),
              when + ": " + name + " 0x" + Integer.toHexString(attributes) + " " + Arrays.toString(data));
        }
        List<String> seen = new ArrayList<>();
        model.forEach((name, variable) -> {
          boolean visible = !runTime || (variable.attributes & 4) != 0;
          assertEquals(visible ? Arrays.toString(variable.data) : "NOT_FOUND", stand.get(name), when);
          if (visible) {
            seen.add(name);
          }
        });
        assertEquals(seen, stand.names(), when);
      }
    }
  }
}

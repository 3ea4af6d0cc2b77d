// SPDX-License-Identifier: EPL-2.0
package org.xenolith.guest.debian;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;

class ElfNeedsTest {
  @Test
  void namesLinkerAndLibraries() {
    assertEquals(List.of("ld-linux-aarch64.so.1", "libone.so.1", "libc.so.6"),
        ElfNeeds.of(ElfFile.needing("/lib/ld-linux-aarch64.so.1", "libone.so.1", "libc.so.6")));
    assertEquals(List.of("libc.so.6"), ElfNeeds.of(ElfFile.needing(null, "libc.so.6")));
  }

  @Test
  void nothingIsNeededByStaticProgramsAndByOtherFiles() {
    assertEquals(List.of(), ElfNeeds.of(StoreHandover.program()));
    assertEquals(List.of(), ElfNeeds.of("#!/bin/sh\n".getBytes(StandardCharsets.UTF_8)));
    assertEquals(List.of(), ElfNeeds.of(new byte[0]));
  }

  @Test
  void aDamagedFileIsRefusedWithAReason() {
    long seed = 7;
    System.out.println("damaged programs: seed " + seed);
    Random random = new Random(seed);
    byte[] whole = ElfFile.needing("/lib/ld-linux-aarch64.so.1", "libone.so.1");
    int refused = 0;
    for (int i = 0; i < 20_000; i++) {
      byte[] damaged = Arrays.copyOf(whole, random.nextInt(10) == 0 ? random.nextInt(whole.length) : whole.length);
      for (int n = random.nextInt(4); n >= 0 && damaged.length > 0; n--) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
      }
      try {
        ElfNeeds.of(damaged);
      } catch (IllegalArgumentException e) {
        refused++;
      }
    }
    assertEquals(true, refused > 100, "refused " + refused);
  }
}

// SPDX-License-Identifier: EPL-2.0
package org.xenolith.boot.kit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FileProgressTest {
  private static final long SECOND = 1_000_000_000L;

  private final List<String> said = new ArrayList<>();
  private long now;

  @Test
  void saysEveryTwoSecondsHowMuchHasComeAndHowLongTheRestTakes() {
    FileProgress progress = new FileProgress("linux-image", 60 << 20, said::add, () -> now, FileProgress.PERSON);
    for (int second = 0; second <= 6; second++) {
      now = second * SECOND;
      progress.accept((long) second * (5 << 20) + (1 << 19));
    }
    assertEquals(List.of("linux-image: 10.5 of 60.0 MiB, about 10 s left", "linux-image: 20.5 of 60.0 MiB, about 8 s left",
        "linux-image: 30.5 of 60.0 MiB, about 6 s left"), said);
  }

  @Test
  void aLogHasALineEveryTenSeconds() {
    FileProgress progress = new FileProgress("linux-image", 60 << 20, said::add, () -> now, FileProgress.LOG);
    for (int second = 0; second <= 25; second++) {
      now = second * SECOND;
      progress.accept((long) (second + 1) << 20);
    }
    assertEquals(List.of("linux-image: 11.0 of 60.0 MiB, about 45 s left", "linux-image: 21.0 of 60.0 MiB, about 38 s left"), said);
  }

  @Test
  void whatIsThereAtOnceIsNotTalkedOf() {
    FileProgress progress = new FileProgress("busybox", 100, said::add, () -> now, FileProgress.PERSON);
    progress.accept(50);
    now = 3 * SECOND;
    progress.accept(100);
    assertEquals(List.of(), said);
  }
}

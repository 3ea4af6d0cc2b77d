// SPDX-License-Identifier: EPL-2.0
package org.xenolith.junit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SharedBootTest {
  @Machine(guest = "debian", options = {"memory=256M", "hypervisor", "set=/a:b=c", "set=/d:e=f"})
  private static final class Debian {
  }

  @Machine(guest = "debian", options = {"memory=256M", "hypervisor", "set=/a:b=c", "set=/d:e=f"})
  private static final class SameDebian {
  }

  @Machine(snapshot = "booted", until = "tick")
  private static final class Loaded {
  }

  @Machine(guest = "tiny")
  private static final class Tiny {
  }

  private static Machine of(Class<?> type) {
    return type.getAnnotation(Machine.class);
  }

  @Test
  void theWordsAreThoseOfBoot() {
    assertEquals(List.of("--board=virt", "--guest=debian", "--memory=256M", "--hypervisor", "--set=/a:b=c", "--set=/d:e=f"), SharedBoot
        .words(SharedBoot.options(of(Debian.class))));
  }

  @Test
  void anOptionMayHaveAnEqualsSignInItsTextAndBeGivenTwice() {
    Map<String, List<String>> said = SharedBoot.options(of(Debian.class));
    assertEquals(List.of("/a:b=c", "/d:e=f"), said.get("set"));
    assertEquals(List.of("virt"), said.get("board"));
    assertEquals(1, said.get("hypervisor").size());
  }

  @Test
  void aSnapshotSaysBoardAndGuest() {
    assertEquals(List.of("--load=" + Path.of("booted").toAbsolutePath()), SharedBoot.words(SharedBoot.options(of(Loaded.class))));
  }

  @Test
  void debianIsBootedAtItsPromptAndAnotherGuestAtPowerOnUnlessThatIsSaid() {
    assertEquals("xenolith:/# $", SharedBoot.booted(of(Debian.class)));
    assertEquals("", SharedBoot.booted(of(Tiny.class)));
    assertEquals("tick", SharedBoot.booted(of(Loaded.class)));
  }

  @Test
  void equalAnnotationsOfTwoClassesAreOneBoot() {
    assertEquals(of(Debian.class), of(SameDebian.class));
    assertEquals(of(Debian.class).hashCode(), of(SameDebian.class).hashCode());
    assertNotEquals(of(Debian.class), of(Tiny.class));
  }
}

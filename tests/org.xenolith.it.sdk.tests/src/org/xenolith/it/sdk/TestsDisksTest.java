// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.sdk;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a test of the extension of JUnit writes to a disk under an overlay, no other test finds, nor the image. */
@Tag("full")
class TestsDisksTest {
  private static final String WRITING = """
      package com.example.boots;

      import java.time.Duration;
      import org.junit.jupiter.api.RepeatedTest;
      import org.xenolith.junit.BootSteps;
      import org.xenolith.junit.GuestMachine;
      import org.xenolith.junit.Machine;

      @Machine(guest = "debian", options = {"memory=256M", "disk=IMAGE", "append=xl.disk xl.shell"}, prepare = FailingTest.Disk.class)
      class FailingTest {
        static class Disk implements BootSteps {
          @Override
          public void prepare(GuestMachine machine) {
            machine.ask("ls /dev/vda; echo is there", "^is there", Duration.ofSeconds(9));
            machine.expect("# $");
          }
        }

        @RepeatedTest(3)
        void isItsOwn(GuestMachine machine) {
          machine.ask("dd if=/dev/vda bs=8 count=1 2>/dev/null; echo", "^original", Duration.ofSeconds(9));
          machine.ask("printf changed! | dd of=/dev/vda bs=512 count=1 conv=notrunc,fsync 2>/dev/null; echo written", "^written",
              Duration.ofSeconds(9));
          machine.ask("echo 3 >/proc/sys/vm/drop_caches; dd if=/dev/vda bs=8 count=1 2>/dev/null; echo", "^changed!", Duration.ofSeconds(9));
        }
      }
      """;
  @TempDir
  Path folder;

  @Test
  void eachHasItAsItWasWhenTheMachineWasBooted() throws Exception {
    byte[] image = Arrays.copyOf("original".getBytes(StandardCharsets.US_ASCII), 1 << 20);
    Path file = Files.write(folder.resolve("disk.img"), image);
    TestsProject project = new TestsProject(folder);
    project.compiled(WRITING.replace("IMAGE", file.toString()));
    String said = project.run().run(0, project.tests());
    assertTrue(said.contains("3 tests passed, 0 failed"), said);
    assertArrayEquals(image, Files.readAllBytes(file));
  }
}

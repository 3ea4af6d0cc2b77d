// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.boot;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.product.Product;
import org.xenolith.it.product.Program;
import org.xenolith.testkit.FullLane;

/** A disk with Debian's cloud-init, which has no user of its own, boots to the login of the one that cloud-init was told of. */
@FullLane
class CloudImageTest {
  private static final Duration MAKING = Duration.ofMinutes(30);
  private static final Duration BOOT = Duration.ofMinutes(15);
  private static final Duration COMMAND = Duration.ofMinutes(3);

  @TempDir
  private Path folder;

  @Test
  void cloudInitsUserLogsIn() throws Exception {
    Path image = folder.resolve("cloud.img");
    try (Program making = Product.start("image", "make", "debian", "--package", "cloud-init", "--to", image)) {
      making.await(MAKING).expect(0);
    }
    Path user = Files.writeString(folder.resolve("user-data"), """
        #cloud-config
        hostname: engine
        users:
          - name: ada
            plain_text_passwd: lovelace
            lock_passwd: false
            shell: /bin/bash
        """);
    try (Program ours = Product.startWithInput("boot", "--stdin", "--firmware", "aavmf", "--memory", "1G", "--disk", image, "--cloud-init",
        user)) {
      ours.awaitOutput("engine login: ", BOOT);
      ours.type("ada\n");
      ours.awaitOutput("Password: ", COMMAND);
      ours.type("lovelace\n");
      ours.awaitOutput("ada@engine:~\\$ ", COMMAND);
      says(ours, "id -un", "ada");
      says(ours, "cloud-init status --wait | tail -n 1 | tr -d \" \"", "status:done");
      says(ours, "cat /run/cloud-init/cloud-id", "nocloud");
      // The disc that was made here, as the system's own program sees it.
      says(ours, "lsblk -no LABEL,FSTYPE,RO /dev/disk/by-label/cidata | tr -s \" \" _", "_?cidata_iso9660_1");
    }
  }

  private static void says(Program system, String command, String regex) throws InterruptedException {
    system.type("echo \"SAYS-$(" + command + ")-END\"\n");
    system.awaitOutput("SAYS-" + regex + "-END", COMMAND);
  }
}

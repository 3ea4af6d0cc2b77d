// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.product.Product;

/** The disc for cloud-init of a scenario's machine, as its guest reads it, and as a recording has it again. */
class CloudInitScenarioTest {
  private static final Pattern DIGEST = Pattern.compile("digest ([0-9a-f]+)");

  @TempDir
  private Path folder;

  private Path scenario(String head) throws Exception {
    return Files.writeString(folder.resolve("seed.scenario"), head + """
        platform: {board: virt, memory: 256M}
        guest: {name: debian, append: 'xl.shell xl.disk'}
        disks:
          - random: {seed: 7, size: 1M}
        steps:
          - expect: 'xenolith:/# $'
          - type: "grep -a -o -E 'CD001|cidata|of the scenario.*' /dev/vd?\\n"
          - expect: '^/dev/vd[ab]:CD001'
          - expect: '^/dev/vd[ab]:cidata'
          - expect: '^/dev/vd[ab]:of the scenario, by its own file'
          - type: "poweroff -f\\n"
          - end: poweroff
        """);
  }

  private static String digest(String out) {
    Matcher found = DIGEST.matcher(out);
    assertEquals(true, found.find(), out);
    return found.group(1);
  }

  @Test
  void aScenariosGuestHasTheDiscBehindItsDisksAndARecordingTheSame() throws Exception {
    Path file = scenario("files: {user: \"#cloud-config\\n# of the scenario, by its own file\\n\"}\ncloud-init: '${files}/user'\n");
    Path records = folder.resolve("records");
    String first = Product.run("run", file, "--record", records).expect(0).out();
    Path journal;
    try (var all = Files.list(records)) {
      journal = all.filter(Files::isRegularFile).findFirst().orElseThrow();
    }
    // The journal has the scenario, and with it what the disc is made of.
    Files.delete(file);
    assertEquals(digest(first), digest(Product.run("run", journal).expect(0).out()));
  }

  @Test
  void whatTheDiscCanNotBeMadeOfIsRefusedWithItsLine() throws Exception {
    Product.run("run", "--check", scenario("description: one\ncloud-init: nowhere\n")).expect(2).errHas(
        "seed\\.scenario:2: cloud-init '.*/nowhere': no such file");
    Files.writeString(folder.resolve("text"), "hello\n");
    Product.run("run", scenario("description: one\ncloud-init: text\n")).expect(2).errHas(
        "seed\\.scenario:2: cloud-init .*/text: cloud-init takes no notice of what begins so: 'hello'");
  }
}

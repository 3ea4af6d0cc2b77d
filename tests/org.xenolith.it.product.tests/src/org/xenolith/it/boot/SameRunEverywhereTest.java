// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.product.Product;
import org.xenolith.testkit.FullLane;
import org.xenolith.testkit.Lane;

/** A hypervisor with Dom0 and a guest comes to the same digest wherever it runs, and what it keeps knows of no host path. */
@FullLane
class SameRunEverywhereTest {
  private static final String LIMIT = "0.12";
  /** What of the host varies, besides all folders; each is a JVM's flags. The default lane has one host that is all of the first. */
  private static final Map<String, String> HOSTS = Lane.full() ? new TreeMap<>(Map.of(
      "elsewhere", "",
      "turkish", "-Duser.language=tr -Duser.country=TR",
      "old-charset", "-Dfile.encoding=ISO-8859-1 -Dstdout.encoding=US-ASCII -Dstderr.encoding=US-ASCII",
      "kolkata", "-Duser.timezone=Asia/Kolkata",
      "parallel", "-XX:-UseSerialGC -XX:+UseParallelGC",
      "interpreted", "-Xint"))
      : Map.of("all at once", "-Duser.language=tr -Duser.country=TR -Dfile.encoding=ISO-8859-1 -Dstdout.encoding=US-ASCII"
          + " -Dstderr.encoding=US-ASCII -Duser.timezone=Asia/Kolkata -XX:-UseSerialGC -XX:+UseParallelGC");

  @TempDir
  private Path work;

  private Path here;

  @BeforeEach
  void writeTheFirst() throws IOException, InterruptedException {
    here = folder("here");
  }

  @Test
  void neitherFoldersNorTheHostsSettingsNorItsCollectorShow() throws IOException, InterruptedException {
    String digest = digest(here, Map.of(), "one.cfg");
    for (Map.Entry<String, String> host : HOSTS.entrySet()) {
      Path there = folder("a longer name for " + host.getKey());
      Map<String, String> environment = new HashMap<>(Map.of("TMPDIR", Files.createDirectories(there.resolve("t")).toString(),
          "XENOLITH_CACHE", there.resolve("cache").toString(), "LC_ALL", "C", "TZ", "Pacific/Kiritimati"));
      if (!host.getValue().isEmpty()) {
        environment.put("XENOLITH_JAVA_OPTS", host.getValue());
      }
      assertEquals(digest, digest(there, environment, "one.cfg"), host.getKey());
    }
    Files.writeString(here.resolve("other.cfg"), Files.readString(here.resolve("one.cfg")).replace("memory = 32", "memory = 33"));
    assertNotEquals(digest, digest(here, Map.of(), "other.cfg"), "what is compared can differ");
  }

  @Test
  void whatIsKeptOfTheMachineNamesNoFileOfTheHost() throws IOException, InterruptedException {
    Path snapshot = here.resolve("snapshot");
    Product.run("boot", "--hypervisor", "--guest", "tiny", "--domu", here.resolve("one.cfg"), "--limit", LIMIT, "--save", snapshot).expect(
        3);
    for (String line : Files.readAllLines(snapshot.resolve("state.txt"))) {
      String[] field = line.split(" ");
      boolean bytes = field.length == 3 && field[1].equals("bytes");
      String text = bytes ? new String(Base64.getDecoder().decode(field[2]), StandardCharsets.ISO_8859_1) : line;
      assertFalse(text.contains(work.toString()) && !field[0].equals("notes"), () -> field[0] + " names a file of the host");
    }
  }

  /** A guest's file, kernel and disk in a folder of their own. */
  private Path folder(String name) throws IOException, InterruptedException {
    Path folder = Files.createDirectories(work.resolve(name));
    Product.run("guests", "fetch", "tiny", "--to", folder).expect(0);
    Files.write(folder.resolve("disk.img"), new byte[1 << 16]);
    Files.writeString(folder.resolve("one.cfg"), """
                name = "one"
                kernel = "%1$s/Image"
                memory = 32
                vcpus = 1
                disk = [ '%1$s/disk.img,raw,xvda,rw' ]
                vif = [ 'mac=00:16:3e:00:00:01' ]
                """.formatted(folder));
    return folder;
  }

  private static String digest(Path folder, Map<String, String> environment, String file) throws IOException, InterruptedException {
    Path report = folder.resolve("report.json");
    Product.run(environment, "boot", "--hypervisor", "--guest", "tiny", "--domu", folder.resolve(file), "--limit", LIMIT, "--report",
        report)
        .expect(3);
    return Files.readString(report).replaceFirst("(?s).*\"digest\": \"([0-9a-f]+)\".*", "$1");
  }
}
